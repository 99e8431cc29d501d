#!/usr/bin/perl
# A bank in transactions of Perl's BerkeleyDB: a tree of accounts, a hash of names, a queue of orders done.
# bank.pl create|load|check HOME [FIRST]
use strict;
use warnings;
use BerkeleyDB;
$| = 1;
my ($mode, $home, $thread) = @ARGV;
my ($accounts, $start) = (2000, 1000);
my $first = $mode eq 'create';
my $env = BerkeleyDB::Env->new(
    -Home => $home, -Cachesize => 4 * 1024 * 1024,
    -SetFlags => 0, -LockDetect => DB_LOCK_DEFAULT,
    -Flags => DB_INIT_TXN | DB_INIT_LOG | DB_INIT_LOCK | DB_INIT_MPOOL | ($mode eq 'load' ? 0 : DB_CREATE))
  or die "environment: $BerkeleyDB::Error";
my $txn = $env->txn_begin();
my @common = (-Env => $env, -Txn => $txn, -Flags => $first ? DB_CREATE : 0);
sub opened { my ($db) = @_; $db or die "open: $BerkeleyDB::Error"; return $db }
my $balance = opened(BerkeleyDB::Btree->new(-Filename => 'accounts.db', -Subname => 'balance', @common));
my $owner = opened(BerkeleyDB::Hash->new(-Filename => 'accounts.db', -Subname => 'owner', @common));
my $journal = opened(BerkeleyDB::Recno->new(-Filename => 'journal.db', @common));
if ($first) {
    for my $i (1 .. $accounts) {
        $balance->db_put(sprintf('%06d', $i), $start) == 0 or die;
        $owner->db_put("owner $i", sprintf('%06d', $i) . 'x' x 200) == 0 or die;
    }
}
$txn->txn_commit() == 0 or die 'commit';

if ($mode eq 'load') {
    for (my $n = 1;; $n++) {
        my $one = sprintf('%06d', 1 + int rand $accounts);
        my $two = sprintf('%06d', 1 + int rand $accounts);
        next if $one eq $two;
        my $work = $env->txn_begin();
        $_->Txn($work) for $balance, $owner, $journal;
        my ($a, $b, $at, $bad) = (0, 0, 0, 0);
        $bad ||= $balance->db_get($one, $a, DB_RMW);
        $bad ||= $balance->db_get($two, $b, DB_RMW);
        my $text = "thread $thread commit $n";
        $bad ||= $balance->db_put($one, $a - 7);
        $bad ||= $balance->db_put($two, $b + 7);
        $bad ||= $owner->db_put('owner ' . (1 + int rand $accounts), $text . 'y' x int rand 300);
        $bad ||= $journal->db_put($at, $text, DB_APPEND);
        if ($bad || $n % 17 == 0) { # a deadlock, or a change of mind
            $work->txn_abort();
            next;
        }
        $work->txn_commit() == 0 or die "commit: $BerkeleyDB::Error";
        print "$text\n";
        $env->txn_checkpoint(0, 0) if $n % 200 == 0;
    }
}
if ($mode eq 'check') {
    my ($sum, $count) = (0, 0);
    my ($key, $value) = ('', 0);
    my $cursor = $balance->db_cursor();
    while ($cursor->c_get($key, $value, DB_NEXT) == 0) { $sum += $value; $count++ }
    undef $cursor;
    $count == $accounts && $sum == $accounts * $start or die "$count accounts with $sum in all\n";
    my $names = 0;
    $cursor = $owner->db_cursor();
    $names++ while $cursor->c_get($key, $value, DB_NEXT) == 0;
    undef $cursor;
    $names == $accounts or die "$names owners\n";
    my $line = 0;
    $cursor = $journal->db_cursor();
    print "$value\n" while $cursor->c_get($line, $value, DB_NEXT) == 0;
}
