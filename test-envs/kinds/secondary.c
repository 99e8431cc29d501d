#include <string.h>

#include "kinds.h"

enum { CUSTOMERS = 40, ORDERS = 400 };

struct shop {
    DB *customers;
    DB *orders;
    DB *by_customer;
};

static struct shop shops[2];

/* An order's value begins with its customer's key. */
static int customer_of(DB *db, const DBT *key, const DBT *value, DBT *result)
{
    (void)db;
    (void)key;
    memset(result, 0, sizeof(*result));
    result->data = value->data;
    result->size = TEXT_SIZE;
    return 0;
}

static void open_shop(struct world *world)
{
    struct making plain = {.type = DB_BTREE};
    struct making index = {.type = DB_BTREE, .flags = DB_DUPSORT};
    struct shop *shop = &shops[world->purpose == TO_REPLAY];

    shop->customers = world_database(world, "customers.db", NULL, &plain);
    shop->orders = world_database(world, "orders.db", NULL, &plain);
    shop->by_customer = world_database(world, "orders-by-customer.db", NULL, &index);
    must(shop->orders->associate(shop->orders, NULL, shop->by_customer, customer_of,
                                 world->purpose == TO_CHECK ? 0 : DB_AUTO_COMMIT),
         "associate");
    must(shop->customers->associate_foreign(shop->customers, shop->by_customer, NULL, DB_FOREIGN_CASCADE),
         "associate_foreign");
    world->own = shop;
}

static DBT customer_key(struct text *text, uint64_t number)
{
    DBT key;

    memset(text, 0, sizeof(*text));
    key = key_of(text, number);
    key.size = TEXT_SIZE;
    return key;
}

/* A customer and an order of it; now and then a customer goes, and its orders with it. */
static int shop_step(struct world *world, DB_TXN *txn, uint64_t n)
{
    struct shop *shop = world->own;
    struct text customer;
    struct text order;
    DBT customer_dbt = customer_key(&customer, mix(n, 1) % CUSTOMERS);
    DBT order_dbt = key_of(&order, mix(n, 2) % ORDERS);
    DBT value = value_of(n, 60);
    unsigned char bytes[TEXT_SIZE + 60];
    int ret = shop->customers->put(shop->customers, txn, &customer_dbt, &value, 0);

    memcpy(bytes, customer.bytes, TEXT_SIZE);
    memcpy(bytes + TEXT_SIZE, value.data, 60);
    value.data = bytes;
    value.size = sizeof(bytes);
    if (ret == 0)
        ret = shop->orders->put(shop->orders, txn, &order_dbt, &value, 0);
    if (ret == 0 && mix(n, 3) % 10 == 0) {
        customer_dbt = customer_key(&customer, mix(n, 4) % CUSTOMERS);
        ret = shop->customers->del(shop->customers, txn, &customer_dbt, 0);
    }
    return ret == DB_NOTFOUND ? 0 : ret;
}

/* No order is left of a customer who is gone, and some customers are. */
static void check_shop(struct world *world, uint64_t n)
{
    const struct shop *shop = world->own;
    struct database orders = {.db = shop->orders, .name = "orders.db"};
    struct records keys = {0};
    struct records values = {0};

    records_read(&orders, &keys, &values);
    if (values.count == 0)
        fail(world, "orders.db: none");
    for (size_t i = 0; i < values.count; i++) {
        DBT customer = values.item[i];

        customer.size = TEXT_SIZE;
        if (shop->customers->exists(shop->customers, NULL, &customer, 0) != 0)
            fail(world, "%.*s: of no customer", (int)keys.item[i].size, (const char *)keys.item[i].data);
    }
    records_release(&keys);
    records_release(&values);
    check_by_replay(world, n);
}

static const struct kind foreign = {
    .name = "secondary-foreign",
    .shows = "a secondary index and a foreign key that cascades (`associate`, `associate_foreign`)",
    .open = open_shop,
    .step = shop_step,
    .check = check_shop,
};

const struct kind *const secondary_kinds[] = {&foreign, NULL};
