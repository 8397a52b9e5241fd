import CZip
import Glibc

/// The arrays of a `.npz` file: a zip archive with a `.npy` file for each.
///
/// Archives are read and made in memory by libzip. What an entry unpacks to is counted while it unpacks, and never
/// believed beforehand.
enum NumPyArchive {
  static func read(_ bytes: [UInt8], limits: FormatLimits) throws(FormatError) -> [NamedArray] {
    // libzip reads from this memory until the archive is closed.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 8)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    let archive = try open(memory, count: bytes.count)
    defer { zip_discard(archive) }

    let count = Int(zip_get_num_entries(archive, 0))
    guard count <= limits.entries else { throw .tooManyEntries(count: count, limit: limits.entries) }
    var arrays: [NamedArray] = []
    var notes: [ReadNote] = []
    var names: Set<String> = []
    var room = limits.bytes
    var numbers = limits
    for index in 0..<max(count, 0) {
      let (entry, size) = try status(archive, index)
      guard entry.hasSuffix(".npy") else {
        notes.append(.skippedEntry(name: entry))
        continue
      }
      let name = String(entry.dropLast(4))
      guard names.insert(name).inserted else { throw .sameName(name) }
      do {
        let content = try unpack(archive, index, size: size, room: room, limits: limits)
        room -= content.count
        let array = try NumPyArray.read(content, limits: numbers)
        numbers.numbers -= array.values.count
        arrays.append(NamedArray(name: name, array: array))
      } catch .expandsTooFar(let limit) {
        throw .expandsTooFar(limit: limit)
      } catch {
        throw .within(name, error)
      }
    }
    guard !arrays.isEmpty else { throw .noArrays }
    arrays[0].array.notes.append(contentsOf: notes)
    return arrays
  }

  private static func open(_ memory: UnsafeMutableRawBufferPointer, count: Int) throws(FormatError) -> OpaquePointer {
    var problem = zip_error_t()
    zip_error_init(&problem)
    defer { zip_error_fini(&problem) }
    guard let source = zip_source_buffer_create(memory.baseAddress, zip_uint64_t(count), 0, &problem) else {
      throw .badArchive(String(cString: zip_error_strerror(&problem)))
    }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &problem) else {
      zip_source_free(source)
      throw .badArchive(String(cString: zip_error_strerror(&problem)))
    }
    return archive
  }

  private static func status(
    _ archive: OpaquePointer, _ index: Int
  ) throws(FormatError) -> (name: String, size: UInt64) {
    var status = zip_stat_t()
    guard zip_stat_index(archive, zip_uint64_t(index), 0, &status) == 0, let name = status.name else {
      throw .badArchive(text(zip_get_error(archive)))
    }
    if status.valid & UInt64(ZIP_STAT_ENCRYPTION_METHOD) != 0, status.encryption_method != ZIP_EM_NONE {
      throw .badArchive("\(quoted(String(cString: name))) is encrypted")
    }
    return (String(cString: name), status.size)
  }

  /// The content of an entry, its checksum compared by libzip.
  private static func unpack(
    _ archive: OpaquePointer, _ index: Int, size: UInt64, room: Int, limits: FormatLimits
  ) throws(FormatError) -> [UInt8] {
    guard size <= UInt64(room) else { throw .expandsTooFar(limit: limits.bytes) }
    guard let file = zip_fopen_index(archive, zip_uint64_t(index), 0) else {
      throw .badArchive(text(zip_get_error(archive)))
    }
    defer { zip_fclose(file) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      try limits.poll()
      let count = chunk.withUnsafeMutableBytes { zip_fread(file, $0.baseAddress, zip_uint64_t($0.count)) }
      guard count >= 0 else { throw .badArchive(text(zip_file_get_error(file))) }
      if count == 0 { return content }
      guard content.count + Int(count) <= room else { throw .expandsTooFar(limit: limits.bytes) }
      content.append(contentsOf: chunk[..<Int(count)])
    }
  }

  private static func text(_ problem: UnsafeMutablePointer<zip_error_t>?) -> String {
    problem.map { String(cString: zip_error_strerror($0)) } ?? "no reason given"
  }
}
