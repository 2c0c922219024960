package dev.eventcollector.examples.webhooks.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class BoundedFileTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final Path FILE = Path.of("workflows.yaml");

  @Test
  void should_give_up_and_read_again_later_when_the_file_system_hangs() throws Exception {
    CountDownLatch mended = new CountDownLatch(1);
    BoundedFile files =
        new BoundedFile( // as a dead NFS server
            file -> hangUntil(mended), Duration.ofMillis(50), Thread::start);

    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> files.read(FILE)).hasMessageContaining("took longer than");
    }
    assertThatThrownBy(() -> files.read(FILE)).hasMessageContaining("still hang");

    mended.countDown();
    await().ignoreExceptions().untilAsserted(() -> assertThat(files.read(FILE)).isEqualTo("a"));
  }

  @Test
  void should_read_again_later_when_no_thread_could_be_made() throws Exception {
    AtomicInteger starts = new AtomicInteger();
    BoundedFile files =
        new BoundedFile(
            file -> new ByteArrayInputStream(new byte[] {'a'}),
            Duration.ofSeconds(60),
            thread -> {
              if (starts.incrementAndGet() <= 4) {
                throw new OutOfMemoryError("unable to create native thread"); // as Thread.start
              }
              thread.start();
            });

    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> files.read(FILE)).isInstanceOf(OutOfMemoryError.class);
    }

    assertThat(files.read(FILE)).isEqualTo("a");
  }

  private static InputStream hangUntil(CountDownLatch mended) {
    boolean interrupted = true;
    while (interrupted) {
      try {
        mended.await();
        interrupted = false;
      } catch (InterruptedException e) {
        // A read that hangs in the kernel cannot be interrupted either.
      }
    }
    return new ByteArrayInputStream(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 'a'});
  }
}
