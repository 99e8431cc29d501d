package io.github.bdbstandby.standby;

/** A follower's figures, asked anew each time; its health itself is read once a second at most. */
record FollowerBean(Follower follower) implements FollowerMXBean {
  @Override
  public String getStandby() {
    return follower.standby().directory().toString();
  }

  @Override
  public boolean isRunning() {
    return follower.isRunning();
  }

  @Override
  public boolean isGood() {
    return follower.health().isGood();
  }

  @Override
  public String getProblem() {
    return follower.health().message().orElse("");
  }

  @Override
  public boolean isSourceAvailable() {
    return follower.health().sourceAvailable();
  }

  @Override
  public String getRecoveredTo() {
    return follower.health().recoveredTo().map(Object::toString).orElse("");
  }

  @Override
  public long getBehindBytes() {
    return follower.health().behindBytes().orElse(-1L);
  }

  @Override
  public long getBehindSeconds() {
    return follower.health().behindSeconds().orElse(-1L);
  }

  @Override
  public String getLastGoodCycle() {
    return follower.health().lastGoodCycle().map(Object::toString).orElse("");
  }
}
