/* Runs recorded inputs through the fuzz target: replay FILE… */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    static uint8_t room[1 << 16];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    size_t count = fread(room, 1, sizeof room, file);
    fclose(file);
    /* In a block of its very size, so that a sanitizer sees a read beyond it. */
    uint8_t *data = malloc(count == 0 ? 1 : count);
    if (data == NULL)
        return 1;
    for (size_t i = 0; i < count; i++)
        data[i] = room[i];
    LLVMFuzzerTestOneInput(data, count);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;
    for (int i = 1; i < argc; i++)
        failed |= replay(argv[i]);
    printf("%d inputs\n", argc - 1);
    return failed;
}
