/* file.*: the module's UFS, in chunks. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "../core/base64.h"
#include "../core/crc32.h"
#include "../dispatch.h"
#include "ql_fs.h"

#define PREFIX "UFS:"

struct file {
    int64_t link;
    int name;
    int64_t offset;
    int64_t length;
    int base64;
    int64_t crc32;
    char path[sizeof PREFIX + SHIM_FILE_NAME_MAX];
};

#define NAME {"name", SHIM_MEMBER_TEXT, true, offsetof(struct file, name), 0, 0}
#define OFFSET {"offset", SHIM_MEMBER_INT, true, offsetof(struct file, offset), 0, INT32_MAX}
#define LENGTH(max) {"length", SHIM_MEMBER_INT, true, offsetof(struct file, length), 0, max}
#define CRC32 {"crc32", SHIM_MEMBER_INT, true, offsetof(struct file, crc32), 0, UINT32_MAX}

static const struct shim_member write_members[] = {
    SHIM_LINK_MEMBER(struct file), NAME, OFFSET, {"base64", SHIM_MEMBER_TEXT, true, offsetof(struct file, base64), 0, 0}, CRC32};
static const struct shim_member check_members[] = {SHIM_LINK_MEMBER(struct file), NAME, LENGTH(INT32_MAX), CRC32};
static const struct shim_member read_members[] = {SHIM_LINK_MEMBER(struct file), NAME, OFFSET, LENGTH(SHIM_CHUNK_MAX)};
static const struct shim_member remove_members[] = {SHIM_LINK_MEMBER(struct file), NAME};

/* A plain name, with or without the prefix: what has a path in it may lead elsewhere. */
static bool take_name(const struct shim_json *json, int value, char *path)
{
    char name[sizeof PREFIX + SHIM_FILE_NAME_MAX];
    if (!shim_json_string_get(json, value, name, sizeof name))
        return false;
    const char *plain = strncmp(name, PREFIX, strlen(PREFIX)) == 0 ? name + strlen(PREFIX) : name;
    size_t length = strlen(plain);
    if (length == 0 || length > SHIM_FILE_NAME_MAX || plain[0] == '.' || strpbrk(plain, "/\\:") != NULL)
        return false;
    memcpy(path, PREFIX, strlen(PREFIX));
    memcpy(path + strlen(PREFIX), plain, length + 1);
    return true;
}

static enum shim_error take(struct shim_request *request, const struct shim_member *members, int count, struct file *file)
{
    if (shim_take_params(request, members, count, file) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    return take_name(request->json, file->name, file->path) ? SHIM_OK : shim_misfit(request, "name");
}

static enum shim_error fail(struct shim_request *request, int code)
{
    request->code = code;
    return SHIM_ERROR_FILE_FAILED;
}

/* A file is opened, worked on and closed within one request: a reset in between leaves nothing open. */
static enum shim_error work(struct shim *shim, struct shim_request *request, struct file *file, const char *mode,
                            enum shim_error (*on)(struct shim *, struct shim_request *, struct file *, QFILE))
{
    QFILE handle = ql_fopen(file->path, mode);
    if (handle <= 0)
        return fail(request, handle);
    enum shim_error error = on(shim, request, file, handle);
    int closed = ql_fclose(handle);
    if (error == SHIM_OK && closed < 0)
        return fail(request, closed);
    return error;
}

static enum shim_error seek(struct shim_request *request, const struct file *file, QFILE handle)
{
    int size = ql_fsize(handle);
    if (size < 0)
        return fail(request, size);
    if (file->offset > size)
        return shim_misfit(request, "offset");
    int moved = ql_fseek(handle, (long)file->offset, SEEK_SET);
    return moved < 0 ? fail(request, moved) : SHIM_OK;
}

static enum shim_error write_chunk(struct shim *shim, struct shim_request *request, struct file *file, QFILE handle)
{
    enum shim_error error = file->offset == 0 ? SHIM_OK : seek(request, file, handle);
    if (error != SHIM_OK)
        return error;
    int written = file->length == 0 ? 0 : ql_fwrite(shim->chunk, 1, (size_t)file->length, handle);
    if (written != file->length)
        return fail(request, written);
    int size = ql_fsize(handle);
    file->length = size;
    return size < 0 ? fail(request, size) : SHIM_OK;
}

enum shim_error handle_file_write(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct file file;
    enum shim_error error = take(request, SHIM_MEMBERS(write_members), &file);
    if (error != SHIM_OK)
        return error;
    const jsmntok_t *token = &request->json->tokens[file.base64];
    int count = shim_base64_decode(shim->chunk, SHIM_CHUNK_MAX, request->json->text + token->start, (size_t)(token->end - token->start));
    if (count < 0)
        return shim_misfit(request, "base64");
    if (shim_crc32(0, shim->chunk, (size_t)count) != file.crc32)
        return SHIM_ERROR_CRC_MISMATCH;
    file.length = count;
    error = work(shim, request, &file, file.offset == 0 ? "wb" : "rb+", write_chunk);
    if (error != SHIM_OK)
        return error;
    shim_text_raw(result, "{\"length\":");
    shim_text_int(result, file.length);
    shim_text_char(result, '}');
    return SHIM_OK;
}

static enum shim_error check_whole(struct shim *shim, struct shim_request *request, struct file *file, QFILE handle)
{
    uint32_t crc = 0;
    int64_t length = 0;
    int count;
    while ((count = ql_fread(shim->chunk, 1, SHIM_CHUNK_MAX, handle)) > 0) {
        crc = shim_crc32(crc, shim->chunk, (size_t)count);
        length += count;
    }
    if (count < 0)
        return fail(request, count);
    return length == file->length && crc == file->crc32 ? SHIM_OK : SHIM_ERROR_CRC_MISMATCH;
}

enum shim_error handle_file_check(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct file file;
    enum shim_error error = take(request, SHIM_MEMBERS(check_members), &file);
    if (error == SHIM_OK)
        error = work(shim, request, &file, "rb", check_whole);
    if (error == SHIM_OK)
        shim_text_raw(result, "{}");
    return error;
}

static enum shim_error read_chunk(struct shim *shim, struct shim_request *request, struct file *file, QFILE handle)
{
    enum shim_error error = seek(request, file, handle);
    if (error != SHIM_OK)
        return error;
    int count = file->length == 0 ? 0 : ql_fread(shim->chunk, 1, (size_t)file->length, handle);
    file->length = count;
    file->offset = ql_fsize(handle);
    return count < 0 ? fail(request, count) : SHIM_OK;
}

enum shim_error handle_file_read(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct file file;
    enum shim_error error = take(request, SHIM_MEMBERS(read_members), &file);
    if (error == SHIM_OK)
        error = work(shim, request, &file, "rb", read_chunk);
    if (error != SHIM_OK)
        return error;
    shim_text_raw(result, "{\"base64\":\"");
    shim_text_base64(result, shim->chunk, (size_t)file.length);
    shim_text_raw(result, "\",\"length\":");
    shim_text_int(result, file.length);
    shim_text_raw(result, ",\"size\":");
    shim_text_int(result, file.offset);
    shim_text_char(result, '}');
    return SHIM_OK;
}

enum shim_error handle_file_remove(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    (void)shim;
    struct file file;
    enum shim_error error = take(request, SHIM_MEMBERS(remove_members), &file);
    if (error != SHIM_OK)
        return error;
    int removed = ql_remove(file.path);
    if (removed < 0)
        return fail(request, removed);
    shim_text_raw(result, "{}");
    return SHIM_OK;
}
