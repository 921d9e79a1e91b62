/* Speed of Apache's avro-c on the values of a container: decoded into its generic values, and encoded again.
 *
 *     cc -O2 avro.c -lavro -o avro && ./avro CONTAINER      prints two lines of JSON
 *
 * Values are read once from the file to learn their bytes; decoding and encoding are measured in memory. */
#include <avro.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT_MAX 1000
#define ROOM_BYTES (16 << 20)

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void check(int failed, const char *what) {
    if (failed) {
        fprintf(stderr, "%s: %s\n", what, avro_strerror());
        exit(1);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    avro_file_reader_t file;
    check(avro_file_reader(argv[1], &file), "open");
    avro_schema_t schema = avro_file_reader_get_writer_schema(file);
    avro_value_iface_t *iface = avro_generic_class_from_schema(schema);
    static char *bodies[COUNT_MAX];
    static int64_t sizes[COUNT_MAX];
    static avro_value_t values[COUNT_MAX];
    char *room = malloc(ROOM_BYTES);
    int count = 0;
    int64_t total = 0;
    for (; count < COUNT_MAX; count++) {
        avro_generic_value_new(iface, &values[count]);
        if (avro_file_reader_read_value(file, &values[count])) break;
        avro_writer_t writer = avro_writer_memory(room, ROOM_BYTES);
        check(avro_value_write(writer, &values[count]), "write");
        sizes[count] = avro_writer_tell(writer);
        bodies[count] = malloc(sizes[count]);
        memcpy(bodies[count], room, sizes[count]);
        total += sizes[count];
        avro_writer_free(writer);
    }
    double decode = 1e9, encode = 1e9;
    for (int run = 0; run < 5; run++) {
        double start = now();
        for (int i = 0; i < count; i++) {
            avro_reader_t reader = avro_reader_memory(bodies[i], sizes[i]);
            avro_value_t value;
            avro_generic_value_new(iface, &value);
            check(avro_value_read(reader, &value), "read");
            avro_value_decref(&value);
            avro_reader_free(reader);
        }
        if (now() - start < decode) decode = now() - start;
        start = now();
        for (int i = 0; i < count; i++) {
            avro_writer_t writer = avro_writer_memory(room, ROOM_BYTES);
            check(avro_value_write(writer, &values[i]), "write");
            if (avro_writer_tell(writer) != sizes[i] || memcmp(room, bodies[i], sizes[i])) {
                fprintf(stderr, "value %d is not encoded to the same bytes\n", i);
                return 1;
            }
            avro_writer_free(writer);
        }
        if (now() - start < encode) encode = now() - start;
    }
    printf("{\"name\": \"avro-c decode\", \"bytes\": %lld, \"seconds\": %g, \"megabytesPerSecond\": %g}\n", (long long)total, decode,
           total / decode / 1e6);
    printf("{\"name\": \"avro-c encode\", \"bytes\": %lld, \"seconds\": %g, \"megabytesPerSecond\": %g}\n", (long long)total, encode,
           total / encode / 1e6);
    return 0;
}
