package dev.eventcollector.testkit.broker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Image;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/**
 * Gets the images before Testcontainers asks for them: it tries for minutes to pull an image, and
 * so would hold up every build on a machine that has a Docker engine but no registry.
 */
final class DockerImages {

  private static final long PULL_SECONDS = 180;

  /**
   * The one that removes containers when the JVM is gone; the version need not be the right one.
   */
  private static final String RYUK = "testcontainers/ryuk";

  private static final String RYUK_IMAGE = RYUK + ":0.14.0";

  private DockerImages() {}

  static void require(String image) throws BrokerUnavailableException {
    try (DockerClient docker = connect()) {
      if (!isHere(docker, substituted(image))) {
        pull(docker, substituted(image));
      }
      if (needsRyuk() && !hasRyuk(docker)) {
        pull(docker, substituted(RYUK_IMAGE));
      }
    } catch (IOException e) {
      throw new BrokerUnavailableException("the Docker engine does not answer: " + e);
    }
  }

  private static DockerClient connect() throws BrokerUnavailableException {
    try {
      return DockerClientProviderStrategy.getClientForConfig(
          DockerClientFactory.instance().getTransportConfig());
    } catch (IllegalStateException e) {
      throw new BrokerUnavailableException("no Docker engine answers");
    }
  }

  private static String substituted(String image) {
    return ImageNameSubstitutor.instance()
        .apply(DockerImageName.parse(image))
        .asCanonicalNameString();
  }

  private static boolean isHere(DockerClient docker, String image) {
    try {
      docker.inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static boolean needsRyuk() {
    return !Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"));
  }

  private static boolean hasRyuk(DockerClient docker) {
    return docker.listImagesCmd().exec().stream()
        .map(Image::getRepoTags)
        .flatMap(tags -> tags == null ? Stream.empty() : Arrays.stream(tags))
        .anyMatch(tag -> tag.contains(RYUK));
  }

  private static void pull(DockerClient docker, String image) throws BrokerUnavailableException {
    String problem;
    try {
      docker.pullImageCmd(image).exec(new Pull()).await(PULL_SECONDS);
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problem = "interrupted";
    } catch (TimeoutException e) {
      problem = "not done after " + PULL_SECONDS + " seconds";
    } catch (ExecutionException e) {
      problem = String.valueOf(e.getCause()).strip();
    }
    throw new BrokerUnavailableException(
        String.format(
            Locale.ROOT,
            "image %s is not on this machine and cannot be pulled: %s",
            image,
            problem));
  }
}
