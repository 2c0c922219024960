package dev.eventcollector.examples.webhooks.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.webhooks.settings.Secrets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureCheckTest {

  // The example that GitHub publishes for those who implement the check.
  private static final String SECRET = "It's a Secret to Everybody";
  private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);
  private static final String DIGEST =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  private final SignatureCheck check = new SignatureCheck(Secrets.parse(SECRET));

  @Test
  void should_accept_when_the_signature_is_githubs_example() {
    assertThat(check.isSigned(BODY, "sha256=" + DIGEST)).isTrue();
    assertThat(check.isSigned(BODY, "sha256=" + DIGEST.toUpperCase(Locale.ROOT))).isTrue();
    assertThat(SignatureCheck.sign(BODY, SECRET)).isEqualTo("sha256=" + DIGEST);
  }

  @Test
  void should_reject_when_any_bit_of_the_body_differs() {
    for (int bit = 0; bit < BODY.length * 8; bit++) {
      byte[] changed = BODY.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(check.isSigned(changed, "sha256=" + DIGEST)).as("bit %d", bit).isFalse();
    }
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "sha256=",
        DIGEST,
        "sha1=" + DIGEST,
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e",
        "sha256=" + DIGEST + "00",
        "sha256= " + DIGEST,
        "sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
      })
  void should_reject_when_the_signature_is_another(String signature) {
    assertThat(check.isSigned(BODY, signature)).isFalse();
  }

  @Test
  void should_accept_any_of_several_secrets_when_one_replaces_another() {
    SignatureCheck both = new SignatureCheck(Secrets.parse("new secret, " + SECRET));

    assertThat(both.isSigned(BODY, "sha256=" + DIGEST)).isTrue();
    assertThat(both.isSigned(BODY, SignatureCheck.sign(BODY, "new secret"))).isTrue();
    assertThat(both.isSigned(BODY, SignatureCheck.sign(BODY, "third secret"))).isFalse();
  }
}
