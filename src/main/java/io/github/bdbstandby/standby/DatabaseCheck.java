package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.libdb.DatabaseDamagedException;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.OperationCancelledException;
import io.github.bdbstandby.procedure.Layout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** libdb's verify of one database after the other, with its order or without. */
final class DatabaseCheck {
  private final DbEnvironment environment;
  private final List<Path> dataDirectories;
  private final Set<String> ownOrder;

  /**
   * In one environment.
   *
   * @param ownOrder the databases whose order libdb does not know
   */
  DatabaseCheck(DbEnvironment environment, Set<String> ownOrder) {
    this.environment = environment;
    this.dataDirectories = environment.dataDirectories().stream().map(FileNames::toPath).toList();
    this.ownOrder = ownOrder;
  }

  /**
   * What is wrong with a database; empty if nothing is.
   *
   * @throws OperationCancelledException if this thread is interrupted: libdb itself does not look
   */
  Optional<String> damage(DatabaseFile file) {
    refuseInterrupted("DB->verify");
    Path opened = Layout.FLAT.place(file.relative(), dataDirectories);
    String name = FileNames.toName(opened);
    boolean ordered =
        !OwnOrder.covers(ownOrder, opened) && !OwnOrder.covers(ownOrder, file.relative());
    try {
      if (ordered) {
        environment.verifyDatabase(name);
      } else {
        environment.verifyAllButOrder(name);
      }
      return Optional.empty();
    } catch (DatabaseDamagedException e) {
      return Optional.of(ordered && isGoodButForOrder(name) ? outOfOrder(name, e) : e.getMessage());
    } catch (DbException e) {
      return Optional.of(Damage.toldBy(e));
    }
  }

  static void refuseInterrupted(String operation) {
    if (Thread.currentThread().isInterrupted()) {
      throw new OperationCancelledException(operation);
    }
  }

  private boolean isGoodButForOrder(String name) {
    try {
      environment.verifyAllButOrder(name);
      return true;
    } catch (DbException e) {
      return false;
    }
  }

  private static String outOfOrder(String name, DatabaseDamagedException e) {
    return "keys are out of libdb's own order and nothing else is wrong: if the application has its"
        + " own order, say --own-order "
        + FileNames.escaped(name)
        + e.messages().stream().findFirst().map(said -> " (libdb: " + said + ")").orElse("");
  }
}
