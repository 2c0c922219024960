package dev.eventcollector.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Ways to write a body. */
enum Writing {
  AT_ONCE {
    @Override
    void on(HttpServletResponse response, int size) throws IOException {
      response.getOutputStream().write(new byte[size]);
    }
  },
  IN_PIECES {
    @Override
    void on(HttpServletResponse response, int size) throws IOException {
      for (int left = size; left > 0; left -= 100) {
        response.getOutputStream().write(new byte[Math.min(left, 100)]);
      }
    }
  },
  AS_TEXT {
    @Override
    void on(HttpServletResponse response, int size) throws IOException {
      response.setCharacterEncoding("UTF-8");
      response.getWriter().print("x".repeat(size));
    }
  },
  WITH_LENGTH {
    @Override
    void on(HttpServletResponse response, int size) throws IOException {
      response.setContentLength(size);
      response.getOutputStream().write(new byte[size]);
    }
  };

  abstract void on(HttpServletResponse response, int size) throws IOException;
}
