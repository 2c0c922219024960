package dev.eventcollector.examples.forwarder.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Finds out whether two names are those of one file. */
final class OneFile {

  private static final int MOST_LINKS = 40;

  private OneFile() {}

  /** Whether they lead to one file, by links of any kind; the file need not be there yet. */
  static boolean isOne(Path one, Path other) {
    try {
      if (Files.exists(one) && Files.exists(other)) {
        return Files.isSameFile(one, other); // hard links, too
      }
      return real(one, MOST_LINKS).equals(real(other, MOST_LINKS));
    } catch (IOException e) {
      return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
  }

  /** Whether standard output or error go to this file. */
  static boolean isStandardOutput(Path file) {
    return Stream.of("/dev/stdout", "/dev/stderr")
        .map(Path::of)
        .anyMatch(stream -> Files.isRegularFile(stream) && isOne(stream, file));
  }

  private static Path real(Path file, int links) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null) {
      return absolute;
    }
    if (Files.isSymbolicLink(absolute) && links > 0) {
      return real(folder.resolve(Files.readSymbolicLink(absolute)), links - 1);
    }
    return folder.toRealPath().resolve(absolute.getFileName());
  }
}
