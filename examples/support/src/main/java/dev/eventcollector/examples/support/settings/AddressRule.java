package dev.eventcollector.examples.support.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An IP address or a host name. IPv6 addresses may be in brackets, as in a URL; the value has none.
 */
public final class AddressRule extends Rule<String> {

  private static final int LONGEST_NAME = 253;
  private static final Pattern NAME =
      Pattern.compile("[0-9A-Za-z_]([0-9A-Za-z_-]*[0-9A-Za-z_])?(\\.[0-9A-Za-z_-]+)*\\.?");

  @Override
  protected String read(String value) {
    boolean isBracketed = value.startsWith("[") && value.endsWith("]");
    String address = isBracketed ? value.substring(1, value.length() - 1) : value;
    boolean isRight =
        isBracketed || address.contains(":")
            ? isIpv6(address)
            : address.length() <= LONGEST_NAME && NAME.matcher(address).matches();
    if (!isRight) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "'%s' must be an IP address or a host name", value));
    }
    return address;
  }

  /** With a colon in it, nothing is looked up; a zone must be one of this machine's. */
  private static boolean isIpv6(String address) {
    try {
      return address.contains(":") && InetAddress.getByName("[" + address + "]") != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
