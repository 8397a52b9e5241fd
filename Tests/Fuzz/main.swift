// Throws wrong input at the program's front door, `Session.evaluate`, and reports what is worse than an error: crashes,
// statements that cannot be interrupted for a second, more than a gigabyte of memory, errors without a place, files
// written outside its folder.
//
//   Fuzz FOLDER COUNT SEED     inputs 1 to COUNT of a seed; FOLDER is the package's
//   Fuzz FOLDER COUNT SEED W   the same, of nothing but lines that begin with the word W, in the cell that is in use
//   Fuzz FOLDER show SEED N    prints one input
//   Fuzz FOLDER file PATH      runs one input from a file
//
// Inputs run in batches in processes of their own, in an empty folder that is their whole file system (as root, by
// chroot; else paths are taken out of the inputs). What ends such a process is made smaller and printed.

import Glibc

let arguments = CommandLine.arguments
let numbers = arguments.dropFirst(2).compactMap { UInt64($0) }
let word = arguments.count > 4 ? arguments.last.flatMap { UInt64($0) == nil ? $0 : nil } : nil
switch (arguments.count, arguments.dropFirst(2).first) {
case (4, "file"):
  guard let text = Files.text(arguments[3]) else { exit(2) }
  Worker(folder: arguments[1]).run(FuzzInput(decoding: text))
case (5, "show"), (6, "show"):
  let maker = InputMaker(folder: arguments[1], seed: numbers.first ?? 0, word: word)
  Files.say(maker.input(numbers.last ?? 0).encoded)
case (6, "worker"), (7, "worker"):
  Worker(folder: arguments[1], word: word).run(seed: numbers[0], from: numbers[1], to: numbers[2])
case (4, _) where numbers.count == 2, (5, _) where numbers.count == 2:
  var supervisor = Supervisor(folder: arguments[1], count: numbers[0], seed: numbers[1], word: word)
  exit(supervisor.run() ? 0 : 1)
default:
  Files.say("Fuzz FOLDER COUNT SEED [WORD]")
  exit(2)
}
