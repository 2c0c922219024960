package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerAddressTest {

  private static ServerAddress parse(String url) {
    return ServerAddress.parse(url, "url");
  }

  @Test
  void should_read_host_port_and_password() {
    assertThat(parse("tcp://:secret@example.org:7000"))
        .isEqualTo(new ServerAddress("example.org", 7000, false, null, "secret"));
    assertThat(parse("TCP+TLS://me:secret@example.org/"))
        .isEqualTo(new ServerAddress("example.org", 7419, true, "me", "secret"));
    assertThat(parse("tcp://[::1]:7000").host()).isEqualTo("::1");
  }

  @Test
  void should_find_the_host_when_it_has_an_underscore() {
    assertThat(parse("tcp://my_faktory:7000").host()).isEqualTo("my_faktory");
  }

  @Test
  void should_decode_a_password_by_percent_signs_only() {
    assertThat(parse("tcp://:a%40b%2Fc%3A%25%C3%BC@h").password()).isEqualTo("a@b/c:%ü");
    assertThat(parse("tcp://:a+b=@h").password()).isEqualTo("a+b=");
    assertThat(parse("tcp://:a:b#c?d/e@f@h").password()).isEqualTo("a:b#c?d/e@f");
    assertThat(parse("tcp://:ü\ud83d\ude00@h").password()).isEqualTo("ü\ud83d\ude00");
  }

  @Test
  void should_name_the_problem_without_the_password() {
    for (String url :
        List.of(
            "",
            "localhost:7419",
            "http://:secret@h",
            "tcp://",
            "tcp://:secret@",
            "tcp://:secret@h:0",
            "tcp://:secret@h:99999",
            "tcp://:secret@h:7419x",
            "tcp://:secret@h/path",
            "tcp://:secret@h h",
            "tcp://:secret@[::1",
            "tcp://:secret%@h",
            "tcp://:secret%zz@h")) {
      assertThatIllegalArgumentException()
          .as(url)
          .isThrownBy(() -> parse(url))
          .withMessageContaining("url must look like tcp://:password@host:7419")
          .withMessageNotContaining("secret");
    }
    assertThat(parse("tcp://:secret@h").toString()).isEqualTo("tcp://h:7419");
  }

  @Test
  void should_read_the_environment_as_other_clients_do() {
    Map<String, String> environment = new HashMap<>();
    assertThat(ServerAddress.fromEnvironment(environment::get)).hasToString("tcp://localhost:7419");
    environment.put("FAKTORY_URL", "tcp://one");
    assertThat(ServerAddress.fromEnvironment(environment::get).host()).isEqualTo("one");
    environment.put("FAKTORY_PROVIDER", "MY_URL");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerAddress.fromEnvironment(environment::get))
        .withMessageContaining("MY_URL, which is not set");
    environment.put("MY_URL", "tcp://two");
    assertThat(ServerAddress.fromEnvironment(environment::get).host()).isEqualTo("two");
    environment.put("FAKTORY_PROVIDER", "tcp://:secret@three");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerAddress.fromEnvironment(environment::get))
        .withMessageContaining("the name of the variable")
        .withMessageNotContaining("secret");
    environment.remove("FAKTORY_PROVIDER");
    environment.put("FAKTORY_URL", "");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerAddress.fromEnvironment(environment::get))
        .withMessageContaining("FAKTORY_URL must look like");
  }
}
