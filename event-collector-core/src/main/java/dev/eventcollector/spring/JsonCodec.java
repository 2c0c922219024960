package dev.eventcollector.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * JSON by the application's own mapper: the {@code JsonMapper} of Jackson 3, or else the {@code
 * ObjectMapper} of Jackson 2. Both have the same methods, which are called by reflection, so that
 * neither is a dependency.
 *
 * <p>Safe for use by many threads, as the mappers are.
 */
public final class JsonCodec {

  private static final String[] MAPPERS = {
    "tools.jackson.databind.json.JsonMapper", "com.fasterxml.jackson.databind.ObjectMapper"
  };

  private final Object mapper;
  private final Method write;
  private final Method constructType;
  private final Method read;

  private JsonCodec(Object mapper) throws NoSuchMethodException, ClassNotFoundException {
    this.mapper = mapper;
    Class<?> type = mapper.getClass();
    write = type.getMethod("writeValueAsBytes", Object.class);
    constructType = type.getMethod("constructType", Type.class);
    read = type.getMethod("readValue", byte[].class, constructType.getReturnType());
  }

  /** The codec of the context's only, or primary, mapper; null when there is none. */
  public static @Nullable JsonCodec of(BeanFactory beans) {
    for (String name : MAPPERS) {
      if (ClassUtils.isPresent(name, JsonCodec.class.getClassLoader())) {
        Object mapper =
            beans
                .getBeanProvider(
                    ClassUtils.resolveClassName(name, JsonCodec.class.getClassLoader()))
                .getIfUnique();
        if (mapper != null) {
          return of(mapper);
        }
      }
    }
    return null;
  }

  private static JsonCodec of(Object mapper) {
    try {
      return new JsonCodec(mapper);
    } catch (NoSuchMethodException | ClassNotFoundException e) {
      throw new IllegalStateException("an unknown version of Jackson: " + mapper.getClass(), e);
    }
  }

  /**
   * The value as JSON.
   *
   * @throws Exception what the mapper throws
   */
  public byte[] write(Object value) throws Exception {
    return (byte[]) call(write, value);
  }

  /**
   * JSON as a value of this type.
   *
   * @throws Exception what the mapper throws
   */
  public @Nullable Object read(byte[] json, Type type) throws Exception {
    return call(read, json, call(constructType, type));
  }

  private Object call(Method method, Object... arguments) throws Exception {
    try {
      return method.invoke(mapper, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
