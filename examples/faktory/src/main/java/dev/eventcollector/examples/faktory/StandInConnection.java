package dev.eventcollector.examples.faktory;

import dev.eventcollector.examples.faktory.StandInJson.InvalidException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One client of the stand-in. */
final class StandInConnection implements Runnable {

  /** Faktory gives two seconds, which a client on a busy machine may not have. */
  private static final int HELLO_MILLIS = 10_000;

  private static final long QUIET_MILLIS = 2_000;

  private final Socket socket;
  private final StandInStore store;
  private final StandInWorkers workers;
  private final @Nullable String password;
  private final int others;
  private final int most;
  private final InputStream in;
  private final OutputStream out;
  private StandInWorkers.@Nullable Seat seat;

  StandInConnection(
      Socket socket,
      StandInStore store,
      StandInWorkers workers,
      @Nullable String password,
      int others,
      int most)
      throws IOException {
    this.socket = socket;
    this.store = store;
    this.workers = workers;
    this.password = password;
    this.others = others;
    this.most = most;
    this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    this.out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
  }

  @Override
  public void run() {
    try (socket) {
      if (isWelcome()) {
        answerAll();
      }
    } catch (IOException | InterruptedException e) {
      // The client is gone, or we are being closed.
    } finally {
      if (seat != null) {
        workers.leave(seat);
      }
    }
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is as closed as it can be.
    }
  }

  boolean isClosed() {
    return socket.isClosed();
  }

  private boolean isWelcome() throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(HELLO_MILLIS);
    int rounds = ThreadLocalRandom.current().nextInt(4_000, 8_096);
    String salt = Long.toHexString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
    line(
        password == null
            ? "+HI {\"v\":2}"
            : String.format(Locale.ROOT, "+HI {\"v\":2,\"i\":%d,\"s\":\"%s\"}", rounds, salt));
    String hello = command();
    if (hello == null || !hello.startsWith("HELLO {")) {
      return false; // closed without a word
    }
    Map<String, @Nullable Object> client;
    try {
      client = StandInJson.object(StandInJson.read(bytes(hello.substring(6))));
    } catch (InvalidException e) {
      return false;
    }
    if (password != null && !Hello.hash(password, salt, rounds).equals(client.get("pwdhash"))) {
      line("-ERR Invalid password");
      return false;
    }
    if (client.get("wid") instanceof String wid && !wid.isEmpty()) {
      seat = workers.sit(wid, this::close);
    }
    line("+OK");
    if (others >= most) {
      line("-ERR too many connections: " + (others + 1));
      return false;
    }
    socket.setSoTimeout(0);
    return true;
  }

  private void answerAll() throws IOException, InterruptedException {
    for (String command = command(); command != null; command = command()) {
      int space = command.indexOf(' ');
      String verb = space < 0 ? command : command.substring(0, space);
      String argument = space < 0 ? "" : command.substring(space + 1);
      if (verb.equals("END")) {
        return;
      }
      try {
        answer(verb, argument);
      } catch (InvalidException e) {
        line("-ERR " + e.getMessage());
      }
    }
  }

  private void answer(String verb, String argument)
      throws IOException, InterruptedException, InvalidException {
    switch (verb) {
      case "PUSH" -> ok(store.push(StandInJob.read(StandInJson.read(bytes(argument)))));
      case "PUSHB" -> pushAll(argument);
      case "FETCH" -> fetch(List.of(argument.split(" ")));
      case "ACK" -> {
        store.acknowledge(jidIn(StandInJson.object(StandInJson.read(bytes(argument)))));
        line("+OK"); // for an unknown jid, too
      }
      case "FAIL" -> fail(StandInJson.object(StandInJson.read(bytes(argument))));
      case "BEAT" -> beat(StandInJson.object(StandInJson.read(bytes(argument))));
      case "MUTATE" -> mutate(argument);
      case "QUEUE" -> queue(List.of(argument.split(" ")));
      case "INFO" -> bulk(StandInJson.write(store.info()));
      case "FLUSH" -> {
        store.flush();
        line("+OK");
      }
      default -> line("-ERR unknown command " + verb);
    }
  }

  private void pushAll(String argument) throws IOException, InvalidException {
    if (!(StandInJson.read(bytes(argument)) instanceof List<?> all)) {
      throw new InvalidException("invalid JSON: no array");
    }
    List<StandInJob> jobs = new java.util.ArrayList<>();
    for (Object one : all) { // one of a wrong type fails them all
      jobs.add(StandInJob.read(one));
    }
    Map<String, String> failed = new LinkedHashMap<>();
    for (StandInJob job : jobs) {
      String problem = store.keep(job);
      if (problem != null) {
        failed.put(job.jid(), problem);
      }
    }
    bulk(StandInJson.write(failed));
  }

  private void fetch(List<String> queues) throws IOException, InterruptedException {
    if (seat != null && !seat.isRunning()) {
      Thread.sleep(QUIET_MILLIS); // the server does no more about it
      bulk(null);
      return;
    }
    StandInJob job = store.fetch(queues);
    bulk(job == null ? null : job.json());
  }

  private static String jidIn(Map<String, @Nullable Object> fields) throws InvalidException {
    if (fields.get("jid") instanceof String jid) {
      return jid;
    }
    throw new InvalidException("missing JID");
  }

  private void fail(Map<String, @Nullable Object> failure) throws IOException, InvalidException {
    String jid = jidIn(failure);
    List<?> backtrace = failure.get("backtrace") instanceof List<?> lines ? lines : List.of();
    boolean known =
        store.fail(
            jid,
            cut(failure.get("errtype"), 100),
            cut(failure.get("message"), 1_000),
            backtrace.subList(0, Math.min(50, backtrace.size())));
    line(known ? "+OK" : "-ERR Job not found " + jid);
  }

  private static String cut(@Nullable Object text, int length) {
    String some = text instanceof String given && !given.isBlank() ? given.strip() : "unknown";
    byte[] bytes = bytes(some);
    return bytes.length <= length ? some : new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private void beat(Map<String, @Nullable Object> beat) throws IOException {
    String wid = String.valueOf(beat.get("wid"));
    Object wish = beat.get("current_state");
    String state = workers.beat(wid, wish instanceof String text ? text : "");
    if (state == null) {
      line("-ERR unknown worker " + wid);
    } else if (state.isEmpty()) {
      line("+OK");
    } else {
      bulk(bytes(String.format(Locale.ROOT, "{\"state\":\"%s\"}", state)));
    }
  }

  private void mutate(String argument) throws IOException, InvalidException {
    if (argument.contains(" ")) {
      throw new InvalidException("invalid format");
    }
    Map<String, @Nullable Object> command = StandInJson.object(StandInJson.read(bytes(argument)));
    Object filter = command.get("filter");
    Object jids = filter instanceof Map<?, ?> map ? map.get("jids") : null;
    Object pattern = filter instanceof Map<?, ?> map ? map.get("regexp") : null;
    String part = pattern instanceof String text ? text.replaceAll("^\\*|\\*$", "") : "";
    boolean known =
        store.mutate(
            String.valueOf(command.get("cmd")),
            String.valueOf(command.get("target")),
            job ->
                jids instanceof List<?> list
                    ? list.contains(job.jid())
                    : new String(job.json(), StandardCharsets.UTF_8).contains(part));
    line(known ? "+OK" : "-ERR unknown mutate operation");
  }

  private void queue(List<String> words) throws IOException {
    if (!words.get(0).equals("REMOVE")) {
      line("-ERR no such QUEUE subcommand: " + words.get(0));
      return;
    }
    store.remove(words.subList(1, words.size()));
    line("+OK");
  }

  private void ok(@Nullable String problem) throws IOException {
    line(problem == null ? "+OK" : "-ERR " + problem);
  }

  private void line(String text) throws IOException {
    out.write(bytes(text + "\r\n"));
    out.flush();
  }

  private void bulk(byte @Nullable [] bytes) throws IOException {
    if (bytes == null) {
      line("$-1");
      return;
    }
    out.write(bytes("$" + bytes.length + "\r\n"));
    out.write(bytes);
    line("");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private @Nullable String command() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
