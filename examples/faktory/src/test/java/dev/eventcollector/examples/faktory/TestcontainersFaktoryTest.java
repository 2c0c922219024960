package dev.eventcollector.examples.faktory;

import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.utility.DockerImageName;

/** On Faktory in a container, where a Docker engine has its image or can pull it. */
class TestcontainersFaktoryTest extends WorkerStopContract {

  private static final String IMAGE = "contribsys/faktory:1.10.0";
  private static final int PORT = 7419;
  private static final long PULL_SECONDS = 120;
  private static GenericContainer<?> container;

  @BeforeAll
  static void start() {
    requireImage();
    container =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withExposedPorts(PORT)
            .withCommand("/faktory", "-b", ":" + PORT, "-w", ":7420", "-e", "development")
            .waitingFor(Wait.forListeningPort());
    container.start();
  }

  /** Testcontainers itself tries for minutes to pull an image. */
  private static void requireImage() {
    try (DockerClient docker =
        DockerClientProviderStrategy.getClientForConfig(
            DockerClientFactory.instance().getTransportConfig())) {
      try {
        docker.inspectImageCmd(IMAGE).exec();
      } catch (NotFoundException e) {
        PullImageResultCallback pulled =
            docker.pullImageCmd(IMAGE).exec(new PullImageResultCallback());
        if (!pulled.awaitCompletion(PULL_SECONDS, TimeUnit.SECONDS)) {
          abort("left out: " + IMAGE + " was not pulled within " + PULL_SECONDS + " seconds");
        }
      }
    } catch (Exception e) {
      abort("left out: no Docker engine has " + IMAGE + " or can pull it: " + e.getMessage());
    }
  }

  @AfterAll
  static void stop() {
    if (container != null) {
      container.stop();
    }
  }

  @Override
  String url() {
    return "tcp://%s:%d".formatted(container.getHost(), container.getMappedPort(PORT));
  }
}
