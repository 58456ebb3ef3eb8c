/* The module as hardware: supply, USB cable, and the process that is the firmware of the present boot. */
#ifndef QLV_MACHINE_H
#define QLV_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "options.h"
#include "tree.h"

enum qlv_phase {
    QLV_OFF,     /* no supply, or powered down */
    QLV_PAUSE,   /* between two boots, until `resume_ms` */
    QLV_RUNNING, /* the firmware runs */
    QLV_ROM,     /* the boot ROM's command runs */
};

struct qlv_machine {
    const struct qlv_options *options;
    struct qlv_settings settings;
    enum qlv_phase phase;
    pid_t pid;   /* of the firmware or of the boot ROM's command; 0 when neither runs */
    int control; /* to the firmware; -1 without one */
    int log;
    int commands; /* the FIFO `control` */
    int boot;
    bool has_cable;
    bool is_plugged; /* the tree shows a device */
    bool goes_to_rom;
    struct qlv_tree_device device;
    int enumerations;
    int downloads;
    int64_t boot_ms;
    int64_t resume_ms;
    bool host_was_heard;
    int short_lives; /* boots in a row that ended at once, unheard */
    /* How the next end of the process came about, when it was our doing; else NULL. */
    const char *our_doing;
    char next_cause[32];
    int stale_answers; /* answers still to come to questions that timed out */
    bool is_finished;
    int exit_code;
};

/* ms of a clock that never goes back. */
int64_t qlv_now_ms(void);

bool qlv_machine_start(struct qlv_machine *machine, const struct qlv_options *options);
/* The pause is over: boots, or enters the boot ROM. */
void qlv_machine_resume(struct qlv_machine *machine);
/* The process ended, with a status as waitpid gives it. */
void qlv_machine_ended(struct qlv_machine *machine, int status);
/* Tells why the module can't go on; the supervisor ends with 1. */
void qlv_machine_fail(struct qlv_machine *machine, const char *reason);
/* Ends everything and leaves nothing plugged in. */
void qlv_machine_finish(struct qlv_machine *machine);

/* SIGKILL for the process; `doing` is what the end is called, or NULL when it shall look like a panic. */
bool qlv_machine_kill(struct qlv_machine *machine, const char *doing);
bool qlv_machine_unplug(struct qlv_machine *machine);
bool qlv_machine_plug(struct qlv_machine *machine);
bool qlv_machine_power(struct qlv_machine *machine, bool on);

#endif
