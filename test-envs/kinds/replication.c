#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kinds.h"

enum { KEYS = 400, VALUE = 120, SITE = 1, PRIORITY = 100, ATTEMPTS = 50, PAUSE = 100000 };

static void open_records(struct world *world)
{
    struct making making = {.type = DB_BTREE};

    world->own = world_database(world, "records.db", NULL, &making);
}

static int records_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    return usual_step(world->own, txn, n, KEYS, VALUE);
}

/* A group of one: nobody hears it. */
static int send_nowhere(DB_ENV *env, const DBT *control, const DBT *record, const DB_LSN *lsn, int site, uint32_t flags)
{
    (void)env;
    (void)control;
    (void)record;
    (void)lsn;
    (void)site;
    (void)flags;
    return 0;
}

static void set_transport(DB_ENV *env, enum purpose purpose)
{
    if (purpose != TO_WORK)
        return;
    must(env->rep_set_transport(env, SITE, send_nowhere), "rep_set_transport");
    /* Else each checkpoint waits half a minute for clients. */
    must(env->rep_set_timeout(env, DB_REP_CHECKPOINT_DELAY, 0), "rep_set_timeout");
}

static void become_master(struct world *world)
{
    must(world->env->rep_start(world->env, NULL, DB_REP_MASTER), "rep_start");
}

static const struct kind master = {
    .name = "replication-master",
    .shows = "a master of libdb's own replication (`DB_INIT_REP`, base API)",
    .env_flags = DB_INIT_REP,
    .configure = set_transport,
    .opened = become_master,
    .open = open_records,
    .step = records_step,
};

/* One that nobody has. */
static unsigned free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);

    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, size) != 0
        || getsockname(descriptor, (struct sockaddr *)&address, &size) != 0)
        library_error(errno, "a port");
    close(descriptor);
    return ntohs(address.sin_port);
}

/* The group knows its site by this, wherever its home is: it is kept with it. */
static unsigned port_of(const char *home)
{
    char path[1024];
    unsigned port;
    FILE *file;

    snprintf(path, sizeof(path), "%s/port", home);
    file = fopen(path, "r");
    if (file == NULL) {
        port = free_port();
        file = fopen(path, "w");
        if (file == NULL || fprintf(file, "%u\n", port) < 0)
            library_error(errno, path);
    } else if (fscanf(file, "%u", &port) != 1) {
        usage("no port", path);
    }
    fclose(file);
    return port;
}

static void begin_group(struct world *world)
{
    DB_ENV *env = world->env;
    DB_SITE *site;

    must(env->repmgr_site(env, "127.0.0.1", port_of(world->home), &site, 0), "repmgr_site");
    must(site->set_config(site, DB_LOCAL_SITE, 1), "DB_LOCAL_SITE");
    must(site->set_config(site, DB_GROUP_CREATOR, 1), "DB_GROUP_CREATOR");
    must(site->close(site), "closing a site");
    must(env->repmgr_set_ack_policy(env, DB_REPMGR_ACKS_NONE), "repmgr_set_ack_policy");
    must(env->rep_set_priority(env, PRIORITY), "rep_set_priority");
    for (int attempt = 1;; attempt++) {
        int ret = env->repmgr_start(env, 1, DB_REP_MASTER);

        /* Another start or message is at work. */
        if (ret != DB_REP_IGNORE || attempt == ATTEMPTS) {
            must(ret, "repmgr_start");
            return;
        }
        usleep(PAUSE);
    }
}

static const struct kind manager = {
    .name = "replication-manager",
    .shows = "a master of libdb's replication manager, the only site of its group",
    .env_flags = DB_INIT_REP,
    .opened = begin_group,
    .open = open_records,
    .step = records_step,
};

const struct kind *const replication_kinds[] = {&master, &manager, NULL};
