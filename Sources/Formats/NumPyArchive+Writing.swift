import CZip
import Glibc

extension NumPyArchive {
  /// The bytes of an archive. The same arrays give the same bytes: entries carry no time.
  static func write(_ arrays: [NamedArray], isCompressed: Bool = false) throws(FormatError) -> [UInt8] {
    var names: Set<String> = []
    for array in arrays {
      guard names.insert(array.name).inserted else { throw .sameName(array.name) }
      guard !array.name.isEmpty, !array.name.utf8.contains(0), array.name.utf8.count < 1 << 15 else {
        throw .badEntryName(array.name)
      }
    }
    var problem = zip_error_t()
    zip_error_init(&problem)
    defer { zip_error_fini(&problem) }
    guard let target = zip_source_buffer_create(nil, 0, 0, &problem) else { throw failure(&problem) }
    // Closing the archive gives up the source; the bytes are read from it afterwards.
    zip_source_keep(target)
    defer { zip_source_free(target) }
    guard let archive = zip_open_from_source(target, ZIP_TRUNCATE, &problem) else {
      zip_source_free(target)
      throw failure(&problem)
    }
    do throws(FormatError) {
      for array in arrays { try add(array, to: archive, isCompressed: isCompressed) }
    } catch {
      zip_discard(archive)
      throw error
    }
    guard zip_close(archive) == 0 else {
      let text = zip_get_error(archive).map { String(cString: zip_error_strerror($0)) } ?? ""
      zip_discard(archive)
      throw .system(action: "make the archive", code: 0, text: text)
    }
    return try content(of: target)
  }

  private static func add(_ named: NamedArray, to archive: OpaquePointer, isCompressed: Bool) throws(FormatError) {
    let bytes: [UInt8]
    do {
      bytes = try NumPyArray.write(named.array)
    } catch {
      throw .within(named.name, error)
    }
    // libzip frees this copy: it reads it when the archive is closed.
    guard let copy = malloc(max(bytes.count, 1)) else {
      throw .system(action: "write", code: ENOMEM, text: "no memory")
    }
    copy.copyMemory(from: bytes, byteCount: bytes.count)
    guard let source = zip_source_buffer(archive, copy, zip_uint64_t(bytes.count), 1) else {
      free(copy)
      throw failure(zip_get_error(archive))
    }
    let index = zip_file_add(archive, named.name + ".npy", source, zip_flags_t(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip_source_free(source)
      throw failure(zip_get_error(archive))
    }
    let method = isCompressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE
    // 1980-01-01, the earliest day that a zip archive can name.
    guard zip_set_file_compression(archive, zip_uint64_t(index), method, 0) == 0,
      zip_file_set_dostime(archive, zip_uint64_t(index), 0, 0x21, 0) == 0
    else { throw failure(zip_get_error(archive)) }
  }

  private static func content(of source: OpaquePointer) throws(FormatError) -> [UInt8] {
    var status = zip_stat_t()
    guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else {
      throw failure(zip_source_error(source))
    }
    defer { zip_source_close(source) }
    var bytes = [UInt8](repeating: 0, count: Int(status.size))
    var length = 0
    while length < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        zip_source_read(source, buffer.baseAddress.map { $0 + length }, zip_uint64_t(buffer.count - length))
      }
      guard count > 0 else { throw failure(zip_source_error(source)) }
      length += Int(count)
    }
    return bytes
  }

  private static func failure(_ problem: UnsafeMutablePointer<zip_error_t>?) -> FormatError {
    let text = problem.map { String(cString: zip_error_strerror($0)) } ?? "no reason given"
    return .system(action: "make the archive", code: 0, text: text)
  }
}
