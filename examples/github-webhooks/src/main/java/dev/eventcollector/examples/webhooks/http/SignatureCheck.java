package dev.eventcollector.examples.webhooks.http;

import dev.eventcollector.examples.webhooks.settings.Secrets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a body was signed with one of our secrets: GitHub sends its HMAC-SHA256, over the
 * very bytes of the body, as {@code sha256=<hex>} in {@code X-Hub-Signature-256}.
 */
public final class SignatureCheck {

  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern SIGNATURE = Pattern.compile("sha256=([0-9a-fA-F]{64})");

  /** Looking for an algorithm takes a lock of the JDK's, for which hundreds of requests wait. */
  private static final ThreadLocal<Mac> MACS = ThreadLocal.withInitial(SignatureCheck::mac);

  private final Secrets secrets;

  public SignatureCheck(Secrets secrets) {
    this.secrets = secrets;
  }

  boolean isSigned(byte[] body, @Nullable String signature) {
    Matcher matcher = SIGNATURE.matcher(signature == null ? "" : signature);
    if (!matcher.matches()) {
      return false;
    }
    byte[] claimed = HexFormat.of().parseHex(matcher.group(1));
    boolean signed = false;
    for (byte[] secret : secrets.keys()) {
      // Neither the comparison nor the number of secrets tried may tell how close a forgery came.
      signed |= MessageDigest.isEqual(hmac(body, secret), claimed);
    }
    return signed;
  }

  /** The header's value for this body, as GitHub would send it. */
  public static String sign(byte[] body, String secret) {
    return "sha256=" + HexFormat.of().formatHex(hmac(body, Secrets.key(secret)));
  }

  private static byte[] hmac(byte[] body, byte[] secret) {
    try {
      Mac mac = MACS.get();
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return mac.doFinal(body);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("any bytes are a key of " + ALGORITHM, e);
    }
  }

  private static Mac mac() {
    try {
      return Mac.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, e);
    }
  }
}
