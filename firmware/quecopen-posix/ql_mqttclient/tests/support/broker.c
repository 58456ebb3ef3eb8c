#define _GNU_SOURCE
#include "broker.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ufs.h"

#define START_TRIES 200
#define START_PAUSE_MS 25

static char folder[64];
static uint16_t ports[LISTENERS];
static pid_t process = -1;

static void run(const char *command)
{
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}

/* Ports that are free now, all held until the last is known so that they differ. */
static void choose_ports(void)
{
    int sockets[LISTENERS];
    for (size_t i = 0; i < LISTENERS; i++) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t size = sizeof address;
        sockets[i] = socket(AF_INET, SOCK_STREAM, 0);
        assert_int_equal(bind(sockets[i], (struct sockaddr *)&address, sizeof address), 0);
        assert_int_equal(getsockname(sockets[i], (struct sockaddr *)&address, &size), 0);
        ports[i] = ntohs(address.sin_port);
    }
    for (size_t i = 0; i < LISTENERS; i++)
        close(sockets[i]);
}

static void write_configuration(const char *path)
{
    static const char *const certificates[LISTENERS] = { NULL, "good", "other", "named", "usage", "forged", "good" };
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    /* As the user that it is: to become another would also undo PR_SET_PDEATHSIG. */
    fprintf(file, "per_listener_settings true\nuser %s\n", geteuid() == 0 ? "root" : "nobody");
    for (size_t i = 0; i < LISTENERS; i++) {
        fprintf(file, "listener %u 127.0.0.1\nallow_anonymous true\n", (unsigned)ports[i]);
        if (certificates[i] != NULL)
            fprintf(file, "certfile %s/%s.pem\nkeyfile %s/%s.key\n", folder, certificates[i], folder, certificates[i]);
        if (i == TLS_MUTUAL)
            fprintf(file, "cafile %s/ca.pem\nrequire_certificate true\n", folder);
    }
    assert_int_equal(fclose(file), 0);
}

static void start_process(const char *configuration)
{
    process = fork();
    assert_true(process >= 0);
    if (process > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    FILE *log = freopen("/dev/null", "w", stderr);
    execl(MOSQUITTO, MOSQUITTO, "-c", configuration, (char *)NULL);
    _exit(log == NULL ? 126 : 127);
}

static bool answers(uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool up = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return up;
}

/* There is no event for "mosquitto listens" but that it does. */
static void wait_until_up(void)
{
    for (int tries = 0; !answers(ports[LISTENERS - 1]); tries++) {
        if (tries == START_TRIES || waitpid(process, NULL, WNOHANG) == process)
            fail_msg("mosquitto does not start");
        poll(NULL, 0, START_PAUSE_MS);
    }
}

bool broker_start(void)
{
    char text[512];
    if (access(MOSQUITTO, X_OK) != 0)
        return false;
    snprintf(folder, sizeof folder, "/tmp/ql-mqttclient-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(text, sizeof text, "%s %s", CERTIFICATES, folder);
    run(text);
    choose_ports();
    snprintf(text, sizeof text, "%s/mosquitto.conf", folder);
    write_configuration(text);
    start_process(text);
    wait_until_up();
    qlv_ufs_start(folder);
    return true;
}

void broker_stop(void)
{
    char text[128];
    if (process > 0) {
        kill(process, SIGKILL);
        waitpid(process, NULL, 0);
    }
    process = -1;
    snprintf(text, sizeof text, "rm -rf %s", folder);
    run(text);
}

uint16_t broker_port(enum listener listener)
{
    return ports[listener];
}

const char *broker_folder(void)
{
    return folder;
}
