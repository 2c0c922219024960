package dev.eventcollector.examples.webhooks.workflows;

import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workflows of a file, which can be edited while the app runs. What cannot be used is said in
 * the log, and the workflows from before stay in force.
 *
 * <p>It reads the file again and again: a file system's notifications do not come through every
 * mount, and miss a link that is pointed elsewhere.
 */
public final class ReloadingWorkflows implements WorkflowMatcher, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ReloadingWorkflows.class);

  private final Path file;
  private final BoundedFile files = new BoundedFile();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "workflows-file");
            thread.setDaemon(true);
            return thread;
          });
  private volatile WorkflowConfiguration inForce;
  private @Nullable Content judged; // under the lock, as the next
  private @Nullable Content seen;
  private boolean isBroken;

  /** The file's content, or the reason why it cannot be read. */
  private record Content(String text, boolean isReadable) {}

  private ReloadingWorkflows(Path file, WorkflowConfiguration first) {
    this.file = file;
    this.inForce = first;
  }

  /** Begins with what was read already. */
  public static ReloadingWorkflows start(
      Path file, WorkflowConfiguration first, Duration interval) {
    ReloadingWorkflows workflows = new ReloadingWorkflows(file, first);
    workflows.timer.scheduleWithFixedDelay(
        workflows::look, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    return workflows;
  }

  /** The timer's task. */
  synchronized void look() {
    try {
      Content now = read();
      boolean settled = now.equals(seen); // else somebody may be in the middle of writing it
      seen = now;
      if (settled && !now.equals(judged)) {
        judged = now;
        take(now);
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      // An exception would end the timer, and the log would never say so.
      LOGGER.error("the workflows of {} cannot be looked at: {}", file, e.toString());
    }
  }

  private Content read() {
    try {
      return new Content(files.read(file), true);
    } catch (IOException e) {
      return new Content(file + " cannot be read: " + WorkflowConfiguration.reason(e), false);
    }
  }

  private void take(Content content) {
    try {
      if (!content.isReadable()) {
        throw new InvalidWorkflowsException(content.text());
      }
      WorkflowConfiguration fresh = WorkflowConfiguration.parse(file.toString(), content.text());
      fresh.warnings().forEach(LOGGER::warn);
      if (isBroken || !fresh.workflows().equals(inForce.workflows())) {
        isBroken = false;
        inForce = fresh;
        LOGGER.info(
            "{} workflow(s) of {} are in force now: {}",
            fresh.workflows().size(),
            file,
            fresh.names());
      }
    } catch (InvalidWorkflowsException e) {
      isBroken = true;
      LOGGER.error("the workflows from before stay in force: {}", e.getMessage());
    }
  }

  @Override
  public Decision decide(ReceivedEvent event) {
    return inForce.decide(event);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
