package dev.eventcollector.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Every way to commit a response with a status below 400. */
enum Commit {
  FLUSH_BUFFER {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.flushBuffer();
    }
  },
  FLUSH_STREAM {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.getOutputStream().write("written".getBytes(StandardCharsets.UTF_8));
      response.getOutputStream().flush();
    }
  },
  CLOSE_STREAM {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.getOutputStream().write("written".getBytes(StandardCharsets.UTF_8));
      response.getOutputStream().close();
    }
  },
  FILL_STREAM_AT_ONCE {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.getOutputStream().write(new byte[response.getBufferSize()]);
    }
  },
  FILL_STREAM_BYTE_BY_BYTE {
    @Override
    void on(HttpServletResponse response) throws IOException {
      int size = response.getBufferSize();
      for (int i = 0; i < size; i++) {
        response.getOutputStream().write(0);
      }
    }
  },
  FILL_STREAM_WITH_TEXT {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.getOutputStream().println("x".repeat(response.getBufferSize()));
    }
  },
  FLUSH_WHOLE_BODY {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.setContentLength(2);
      response.getOutputStream().write(new byte[] {1, 2});
      response.getOutputStream().flush();
    }
  },
  FLUSH_WRITER {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.getWriter().print("written");
      response.getWriter().flush();
    }
  },
  CHECK_ERROR_OF_WRITER {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.getWriter().append("written").checkError();
    }
  },
  CLOSE_WRITER {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.getWriter().print("written");
      response.getWriter().close();
    }
  },
  FILL_WRITER_AT_ONCE {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.getWriter().print("x".repeat(response.getBufferSize()));
    }
  },
  FILL_WRITER_LINE_BY_LINE {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.setCharacterEncoding("UTF-8");
      PrintWriter writer = response.getWriter();
      // Three bytes for a character: half the buffer in characters is more than enough.
      for (int i = 0; i < response.getBufferSize() / 10; i++) {
        writer.write('\u20ac');
        writer.write(new char[] {'\u20ac', '\u20ac'});
        writer.printf(Locale.ROOT, "%d", 1);
        writer.println();
      }
    }
  },
  FILL_WRITER_OF_UTF_16 {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.setCharacterEncoding("UTF-16");
      response.getWriter().print("x".repeat(response.getBufferSize() / 2));
    }
  },
  REDIRECT {
    @Override
    void on(HttpServletResponse response) throws IOException {
      response.sendRedirect("/elsewhere");
    }
  };

  abstract void on(HttpServletResponse response) throws IOException;
}
