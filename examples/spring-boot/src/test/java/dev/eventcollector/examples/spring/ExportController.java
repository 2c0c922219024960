package dev.eventcollector.examples.spring;

import dev.eventcollector.EventCollector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Responses that are written on other threads, while the work goes on. */
@RestController
class ExportController {
  private final EventCollector events;
  private final AsyncTaskExecutor executor;

  ExportController(EventCollector events, AsyncTaskExecutor executor) {
    this.events = events;
    this.executor = executor;
  }

  @GetMapping("/exports/stream")
  public StreamingResponseBody stream() {
    events.enqueueEvent(new OrderPlaced(1), "exports");
    return out -> {
      events.enqueueEvent(new OrderPlaced(2), "exports");
      out.write("streamed".getBytes(StandardCharsets.UTF_8));
      out.flush();
      events.enqueueEvent(new OrderPlaced(3), "exports");
    };
  }

  @GetMapping("/exports/emitter")
  public ResponseBodyEmitter emitter() {
    events.enqueueEvent(new OrderPlaced(1), "exports");
    ResponseBodyEmitter emitter = new ResponseBodyEmitter();
    executor.execute(
        () -> {
          try {
            events.enqueueEvent(new OrderPlaced(2), "exports");
            emitter.send("emitted");
            events.enqueueEvent(new OrderPlaced(3), "exports");
            emitter.complete();
          } catch (IOException e) {
            emitter.completeWithError(e);
          }
        });
    return emitter;
  }
}
