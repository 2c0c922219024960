package dev.eventcollector.examples.work.cli;

import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.DatabaseUrl;
import java.io.IOException;
import java.util.List;
import org.jdbi.v3.core.JdbiException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the database. */
final class DatabaseReader implements WorkReader {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Database database;

  DatabaseReader(DatabaseUrl url) throws IOException {
    database = Database.openToRead(url);
  }

  @Override
  public JsonNode read(Question question) throws NotFoundException, IOException {
    try {
      String prefix = question.prefixOfCode();
      if (prefix == null) {
        return JSON.valueToTree(
            database.works().find(question.id()).orElseThrow(question::notFound).view());
      }
      List<Work> works = database.works().findByPrefixOfCode(prefix);
      if (works.isEmpty()) {
        throw question.notFound();
      }
      return JSON.valueToTree(works.stream().map(Work::view).toList());
    } catch (JdbiException e) {
      throw new IOException("the database failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
