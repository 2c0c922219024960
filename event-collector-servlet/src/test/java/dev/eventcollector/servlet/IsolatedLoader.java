package dev.eventcollector.servlet;

import dev.eventcollector.EventCollector;
import java.net.URL;
import java.net.URLClassLoader;

/** Has copies of its own of all classes of this project, as a web app has that brings them. */
final class IsolatedLoader extends URLClassLoader {

  private static final String OURS = "dev.eventcollector.";

  IsolatedLoader() {
    super(
        new URL[] {
          sourceOf(EventCollector.class),
          sourceOf(EventPublishingFilter.class),
          sourceOf(IsolatedLoader.class)
        },
        IsolatedLoader.class.getClassLoader());
  }

  private static URL sourceOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }
}
