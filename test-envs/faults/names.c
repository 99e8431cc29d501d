#include "names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARKS ".bdb-standby"
#define TEMPORARY ".bdb-standby-tmp"
#define PART ".part"

enum { MOST_ROOTS = 4, KIND_SIZE = 128 };

static struct root {
    char *label;
    char *path;
    size_t length;
} roots[MOST_ROOTS];
static size_t root_count;

void names_watch(const char *directories)
{
    char *text = strdup(directories);
    char *rest = NULL;

    if (text == NULL)
        abort();
    for (char *each = strtok_r(text, ":", &rest); each != NULL; each = strtok_r(NULL, ":", &rest)) {
        char *path = strchr(each, '=');

        if (path == NULL || root_count == MOST_ROOTS)
            abort();
        *path++ = '\0';
        roots[root_count++] = (struct root){each, path, strlen(path)};
    }
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);

    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static bool is_log(const char *leaf)
{
    if (strncmp(leaf, "log.", 4) != 0 || strlen(leaf) != 14)
        return false;
    for (const char *digit = leaf + 4; *digit != '\0'; digit++)
        if (!isdigit((unsigned char)*digit))
            return false;
    return true;
}

/* Numbers are taken out: a point is the same whichever file is meant. */
static void without_digits(char *to, size_t size, const char *from)
{
    size_t length = 0;

    for (; *from != '\0' && length + 1 < size; from++)
        if (!isdigit((unsigned char)*from))
            to[length++] = *from;
    to[length] = '\0';
}

static void kind_of(const char *leaf, bool is_directory, char *kind)
{
    size_t length = strlen(leaf);

    if (is_directory)
        snprintf(kind, KIND_SIZE, "directory");
    else if (is_log(leaf))
        snprintf(kind, KIND_SIZE, "log");
    else if (strncmp(leaf, "__dbq.", 6) == 0)
        snprintf(kind, KIND_SIZE, "extent");
    else if (strncmp(leaf, "__db", 4) == 0)
        snprintf(kind, KIND_SIZE, "region");
    else if (leaf[0] == '.' && (ends_with(leaf, TEMPORARY) || ends_with(leaf, PART))) {
        char inner[KIND_SIZE];
        char inner_kind[KIND_SIZE];
        size_t end = ends_with(leaf, PART) ? strlen(PART) : strlen(TEMPORARY);

        snprintf(inner, sizeof(inner), "%.*s", (int)(length - 1 - end), leaf + 1);
        kind_of(inner, false, inner_kind);
        snprintf(kind, KIND_SIZE, "new-%.100s", inner_kind);
    } else if (ends_with(leaf, ".db"))
        snprintf(kind, KIND_SIZE, "database");
    else
        without_digits(kind, KIND_SIZE, leaf);
}

/* Takes "//" and "/./" out; nothing here goes through "..". */
static void tidy(char *to, size_t size, const char *from)
{
    size_t length = 0;

    while (*from != '\0' && length + 1 < size) {
        if (from[0] == '/' && from[1] == '/')
            from++;
        else if (from[0] == '/' && from[1] == '.' && (from[2] == '/' || from[2] == '\0'))
            from += 2;
        else
            to[length++] = *from++;
    }
    to[length] = '\0';
}

/* Within a standby: which of our directories, then the kind. */
static void place_in(const char *label, const char *below, bool is_directory, char *place)
{
    const char *leaf = strrchr(below, '/') != NULL ? strrchr(below, '/') + 1 : below;
    char kind[KIND_SIZE];
    char within[64] = "";

    if (strncmp(below, MARKS, strlen(MARKS)) == 0) {
        const char *rest = below + strlen(MARKS);

        rest += *rest == '/';
        if (*rest == '\0') {
            snprintf(place, PLACE_SIZE, "%s/marks", label);
            return;
        }
        if (strchr(rest, '/') != NULL)
            snprintf(within, sizeof(within), "%.*s/", (int)(strchr(rest, '/') - rest), rest);
        else if (is_directory) {
            snprintf(place, PLACE_SIZE, "%s/%.60s", label, rest);
            return;
        }
    }
    kind_of(leaf, is_directory, kind);
    snprintf(place, PLACE_SIZE, "%s/%s%s", label, within, kind);
}

bool names_of(const char *path, bool is_directory, char *place)
{
    char tidied[4096];

    tidy(tidied, sizeof(tidied), path);
    for (size_t i = 0; i < root_count; i++) {
        const struct root *root = &roots[i];

        if (strncmp(tidied, root->path, root->length) != 0)
            continue;
        if (tidied[root->length] == '\0') {
            snprintf(place, PLACE_SIZE, "%s", root->label);
            return true;
        }
        if (tidied[root->length] == '/') {
            place_in(root->label, tidied + root->length + 1, is_directory, place);
            return true;
        }
    }
    return false;
}

bool names_is_database(const char *place)
{
    return ends_with(place, "/database") || ends_with(place, "/extent");
}
