/* Settings, network state, UFS, identity, clock: what firmware reads of the module, and how it changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "call_listeners.h"
#include "heap.h"
#include "module.h"
#include "ql_api_datacall.h"
#include "ql_api_dev.h"
#include "ql_api_nw.h"
#include "ql_api_osi.h"
#include "ql_api_rtc.h"
#include "ql_api_sim.h"
#include "ql_fs.h"
#include "ql_power.h"
#include "qlv_clock.h"
#include "qlv_network.h"
#include "ufs.h"
#include "uptime.h"

static char folder[64];
static ql_sem_t told;
static unsigned int last_indication;
static int stack_lost_profile;

static void set(const char *key, const char *value)
{
    char why[256] = "";
    if (!qlv_module_set(key, value, why, sizeof why))
        fail_msg("%s", why);
}

static int boot(void **state)
{
    (void)state;
    struct qlv_settings settings;
    qlv_settings_default(&settings);
    qlv_uptime_start();
    qlv_module_start(&settings, "panic");
    (void)ql_set_data_call_asyn_mode(0, 1, false);
    return 0;
}

static void a_value_that_does_not_fit_its_key_is_refused_with_the_reason(void **state)
{
    (void)state;
    static const char *const wrong[] = {"csq=100",  "csq=-1",   "csq=",     "csq=7x",        "sim=gone",     "mcc=4600",
                                        "nothing=1", "operator", "=1",       "operator=a\"b", "mqtt.=1",      "mqtt.a=b;c=d",
                                        "csq=99999999999999999999"};
    struct qlv_settings settings;
    struct qlv_settings before;
    qlv_settings_default(&settings);
    before = settings;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char why[256] = "";
        if (qlv_settings_assign(&settings, wrong[i], why, sizeof why))
            fail_msg("%s was taken", wrong[i]);
        assert_true(strlen(why) > 0);
    }
    assert_memory_equal(&settings, &before, sizeof settings);
}

static void printed_settings_read_back_as_the_same(void **state)
{
    (void)state;
    struct qlv_settings settings;
    struct qlv_settings again;
    char why[256];
    char text[4096];
    qlv_settings_default(&settings);
    assert_true(qlv_settings_assign(&settings, "sim=puk", why, sizeof why));
    assert_true(qlv_settings_assign(&settings, "clock.offset_s=-5", why, sizeof why));
    assert_true(qlv_settings_assign(&settings, "operator=A = B", why, sizeof why));
    assert_true(qlv_settings_print(&settings, text, sizeof text) > 0);
    memset(&again, 0, sizeof again);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_true(qlv_settings_assign(&again, line, why, sizeof why));
    assert_memory_equal(&settings, &again, sizeof settings);
    assert_int_equal(qlv_settings_print(&settings, text, 40), 0);
}

static void an_mqtt_key_given_again_replaces_itself_and_defects_add_up(void **state)
{
    (void)state;
    struct qlv_settings settings;
    char why[256];
    qlv_settings_default(&settings);
    assert_true(qlv_settings_set(&settings, "mqtt.seed", "1", why, sizeof why));
    assert_true(qlv_settings_add_mqtt(&settings, "defect", "a", true, why, sizeof why));
    assert_true(qlv_settings_add_mqtt(&settings, "defect", "b", true, why, sizeof why));
    assert_true(qlv_settings_set(&settings, "mqtt.seed", "2", why, sizeof why));
    assert_string_equal(settings.mqtt, "defect=a;defect=b;seed=2");
}

static void without_sim_or_network_nothing_is_registered(void **state)
{
    (void)state;
    ql_nw_reg_status_info_s info;
    ql_nw_operator_info_s operator_info;
    char imsi[32];
    assert_int_equal(ql_nw_get_reg_status(0, &info), QL_NW_SUCCESS);
    assert_int_equal(info.data_reg.state, QL_NW_REG_STATE_HOME_NETWORK);
    assert_int_equal(ql_nw_get_operator_name(0, &operator_info), QL_NW_SUCCESS);
    set("sim", "absent");
    assert_int_equal(ql_nw_get_reg_status(0, &info), QL_NW_SUCCESS);
    assert_int_equal(info.data_reg.state, QL_NW_REG_STATE_NOT_REGISTERED);
    assert_int_not_equal(ql_network_register_wait(0, 0), QL_DATACALL_SUCCESS);
    assert_int_not_equal(ql_sim_get_imsi(0, imsi, sizeof imsi), QL_SIM_SUCCESS);
    assert_int_not_equal(ql_nw_get_operator_name(0, &operator_info), QL_NW_SUCCESS);
    assert_int_not_equal(ql_start_data_call(0, 1, QL_PDP_TYPE_IP, NULL, NULL, NULL, 0), QL_DATACALL_SUCCESS);
}

static void register_later(void *unused)
{
    (void)unused;
    set("registration", "roaming");
}

static void waiting_for_the_network_ends_when_it_comes(void **state)
{
    (void)state;
    ql_task_t task;
    set("registration", "searching");
    assert_int_equal(ql_rtos_task_create(&task, 8192, 12, (char *)"network", register_later, NULL, 0), QL_OSI_SUCCESS);
    assert_int_equal(ql_network_register_wait(0, 20), QL_DATACALL_SUCCESS);
}

static void registration_takes_the_time_that_it_is_told_to(void **state)
{
    (void)state;
    set("register_ms", "60");
    assert_int_equal(qlv_module_registration(), QL_NW_REG_STATE_TRYING_ATTACH_OR_SEARCHING);
    assert_int_equal(ql_network_register_wait(0, 20), QL_DATACALL_SUCCESS);
    assert_true(ql_rtos_up_time_ms() >= 60);
}

static void on_call(uint8_t sim, unsigned int ind_type, int profile, bool result, void *ctx)
{
    (void)sim;
    (void)profile;
    (void)result;
    (void)ctx;
    last_indication = ind_type;
    ql_rtos_semaphore_release(told);
}

static void on_stack_lost(int profile, void *ctx)
{
    (void)ctx;
    stack_lost_profile = profile;
}

static void a_data_call_that_the_network_ends_is_told_to_stack_and_application(void **state)
{
    (void)state;
    ql_data_call_info_s info;
    assert_true(qlv_data_call_listen(on_stack_lost, NULL));
    assert_int_equal(ql_datacall_register_cb(0, 1, on_call, NULL), QL_DATACALL_SUCCESS);
    assert_int_equal(ql_start_data_call(0, 1, QL_PDP_TYPE_IP, NULL, NULL, NULL, 0), QL_DATACALL_SUCCESS);
    assert_true(qlv_data_call_is_up(1));
    assert_int_equal(ql_get_data_call_info(0, 1, &info), QL_DATACALL_SUCCESS);
    assert_int_equal(info.v4.state, QL_PDP_ACTIVED);
    set("datacall", "refused");
    assert_int_equal(ql_rtos_semaphore_wait(told, 5000), QL_OSI_SUCCESS);
    assert_int_equal(last_indication, QUEC_DATACALL_PDP_DEACTIVE_IND);
    assert_int_equal(stack_lost_profile, 1);
    assert_false(qlv_data_call_is_up(1));
    assert_int_not_equal(ql_start_data_call(0, 1, QL_PDP_TYPE_IP, NULL, NULL, NULL, 0), QL_DATACALL_SUCCESS);
}

static void an_asynchronous_data_call_is_answered_by_its_callback(void **state)
{
    (void)state;
    assert_int_equal(ql_datacall_register_cb(0, 1, on_call, NULL), QL_DATACALL_SUCCESS);
    assert_int_equal(ql_set_data_call_asyn_mode(0, 1, true), QL_DATACALL_SUCCESS);
    assert_int_equal(ql_start_data_call(0, 1, QL_PDP_TYPE_IP, NULL, NULL, NULL, 0), QL_DATACALL_SUCCESS);
    assert_int_equal(ql_rtos_semaphore_wait(told, 5000), QL_OSI_SUCCESS);
    assert_int_equal(last_indication, QUEC_DATACALL_ACT_RSP_IND);
    assert_int_equal(ql_stop_data_call(0, 1), QL_DATACALL_SUCCESS);
    assert_int_equal(ql_rtos_semaphore_wait(told, 5000), QL_OSI_SUCCESS);
    assert_int_equal(last_indication, QUEC_DATACALL_DEACT_RSP_IND);
}

static void texts_that_do_not_fit_are_refused_rather_than_cut(void **state)
{
    (void)state;
    char small[8];
    char imei[16];
    assert_int_not_equal(ql_dev_get_imei(small, sizeof small, 0), QL_DEV_SUCCESS);
    assert_int_not_equal(ql_dev_get_imei(imei, 15, 0), QL_DEV_SUCCESS);
    assert_int_equal(ql_dev_get_imei(imei, sizeof imei, 0), QL_DEV_SUCCESS);
    assert_int_equal(strlen(imei), 15);
}

static void allocations_of_the_process_show_in_the_heap_figures(void **state)
{
    (void)state;
    ql_memory_heap_state_t before;
    ql_memory_heap_state_t during;
    ql_memory_heap_state_t after;
    qlv_heap_start();
    assert_int_equal(ql_dev_memory_size_query(&before), QL_DEV_SUCCESS);
    /* Volatile, or the compiler leaves the allocation out. */
    void *volatile block = malloc(100000);
    assert_non_null(block);
    assert_int_equal(ql_dev_memory_size_query(&during), QL_DEV_SUCCESS);
    free(block);
    assert_int_equal(ql_dev_memory_size_query(&after), QL_DEV_SUCCESS);
    assert_in_range(before.avail_size - during.avail_size, 100000, 110000);
    assert_int_equal(after.avail_size, before.avail_size);
}

static void the_clock_is_the_hosts_plus_an_offset_and_can_be_set(void **state)
{
    (void)state;
    ql_rtc_time_t parts = {.tm_year = 2031, .tm_mon = 2, .tm_mday = 28, .tm_hour = 23, .tm_min = 59, .tm_sec = 0};
    set("clock.offset_s", "-1000000000");
    assert_in_range(time(NULL) - qlv_unix_time(), 1000000000 - 1, 1000000000 + 1);
    assert_int_equal(ql_rtc_set_time(&parts), QL_RTC_SUCCESS);
    memset(&parts, 0, sizeof parts);
    assert_int_equal(ql_rtc_get_time(&parts), QL_RTC_SUCCESS);
    assert_int_equal(parts.tm_year, 2031);
    assert_int_equal(parts.tm_mon, 2);
    assert_int_equal(parts.tm_mday, 28);
    parts.tm_mon = 13;
    assert_int_not_equal(ql_rtc_set_time(&parts), QL_RTC_SUCCESS);
}

static void the_boot_cause_comes_from_the_supervisor(void **state)
{
    (void)state;
    uint8_t reason = 0;
    assert_int_equal(ql_get_powerup_reason(&reason), QL_POWER_POWD_SUCCESS);
    assert_int_equal(reason, QL_PWRUP_PANIC);
#if QL_SDK_GENERATION >= 2
    uint32_t bits = 0;
    assert_int_equal(ql_get_boot_cause(&bits), QL_POWER_POWD_SUCCESS);
    assert_int_equal(bits, QL_BOOTCAUSE_PANIC);
#endif
}

#if QL_SDK_GENERATION >= 2
static void a_bound_cid_carries_sim_and_profile(void **state)
{
    (void)state;
    uint16_t cid = 0;
    assert_int_equal(ql_bind_sim_and_profile(0, 3, &cid), QL_DATACALL_SUCCESS);
    assert_int_equal(cid, 3);
    assert_int_not_equal(ql_bind_sim_and_profile(0, 8, &cid), QL_DATACALL_SUCCESS);
}
#endif

static void what_is_written_to_ufs_reads_back(void **state)
{
    (void)state;
    char bytes[16] = "";
    QFILE file = ql_fopen("UFS:ca.pem", "wb+");
    assert_true(file > 0);
    assert_int_equal(ql_fwrite((void *)(uintptr_t) "certificate", 1, 11, file), 11);
    assert_int_equal(ql_fsize(file), 11);
    assert_int_equal(ql_fclose(file), QL_FILE_OK);
    assert_int_equal(ql_file_exist("UFS:ca.pem"), QL_FILE_OK);
    file = ql_fopen("UFS:ca.pem", "r");
    assert_true(file > 0);
    assert_int_equal(ql_fread(bytes, 1, sizeof bytes, file), 11);
    assert_string_equal(bytes, "certificate");
    assert_int_equal(ql_fclose(file), QL_FILE_OK);
    assert_int_equal(ql_rename("UFS:ca.pem", "UFS:other"), QL_FILE_OK);
    assert_int_equal(ql_file_exist("UFS:ca.pem"), QL_FILE_NOT_FOUND);
    assert_int_equal(ql_remove("UFS:other"), QL_FILE_OK);
    assert_int_not_equal(ql_fclose(file), QL_FILE_OK);
}

static void no_name_leads_out_of_ufs(void **state)
{
    (void)state;
    static const char *const wrong[] = {"UFS:../secret", "UFS:a/b", "UFS:/etc/passwd", "UFS:..", "UFS:.", "UFS:", "/etc/passwd",
                                        "passwd", "SD:a", "", "ufs:a"};
    char below[80];
    snprintf(below, sizeof below, "%s/a", folder);
    assert_int_equal(mkdir(below, 0700), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (ql_fopen(wrong[i], "w") > 0)
            fail_msg("%s was opened", wrong[i]);
        assert_int_not_equal(ql_remove(wrong[i]), QL_FILE_OK);
        assert_int_not_equal(ql_file_exist(wrong[i]), QL_FILE_OK);
    }
    assert_int_equal(rmdir(below), 0);
    assert_true(ql_fopen(NULL, "r") <= 0);
    assert_true(ql_fopen("UFS:a", "x") <= 0);
    assert_int_equal(ql_fopen("UFS:missing", "r"), QL_FILE_NOT_FOUND);
}

static void ufs_ends_where_its_size_ends_and_files_at_most_are_open(void **state)
{
    (void)state;
    char bytes[4096] = "";
    QFILE files[17];
    set("ufs.total_bytes", "4096");
    files[0] = ql_fopen("UFS:full", "w");
    assert_int_equal(ql_fwrite(bytes, 1, 4000, files[0]), 4000);
    assert_int_equal(ql_fs_free_size("UFS"), 96);
    assert_int_equal(ql_fwrite(bytes, 1, 97, files[0]), QL_FILE_NO_SPACE);
    for (int i = 1; i < 17; i++)
        files[i] = ql_fopen("UFS:full", "r");
    assert_int_equal(files[16], QL_FILE_TOO_MANY_OPEN);
    for (int i = 0; i < 16; i++)
        assert_int_equal(ql_fclose(files[i]), QL_FILE_OK);
    assert_int_equal(ql_remove("UFS:full"), QL_FILE_OK);
}

static int make(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/qlv-ufs-XXXXXX");
    if (mkdtemp(folder) == NULL || ql_rtos_semaphore_create(&told, 0) != QL_OSI_SUCCESS)
        return -1;
    qlv_ufs_start(folder);
    qlv_call_listeners_start();
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_value_that_does_not_fit_its_key_is_refused_with_the_reason, boot),
        cmocka_unit_test_setup(printed_settings_read_back_as_the_same, boot),
        cmocka_unit_test_setup(an_mqtt_key_given_again_replaces_itself_and_defects_add_up, boot),
        cmocka_unit_test_setup(without_sim_or_network_nothing_is_registered, boot),
        cmocka_unit_test_setup(waiting_for_the_network_ends_when_it_comes, boot),
        cmocka_unit_test_setup(registration_takes_the_time_that_it_is_told_to, boot),
        cmocka_unit_test_setup(a_data_call_that_the_network_ends_is_told_to_stack_and_application, boot),
        cmocka_unit_test_setup(an_asynchronous_data_call_is_answered_by_its_callback, boot),
        cmocka_unit_test_setup(texts_that_do_not_fit_are_refused_rather_than_cut, boot),
        cmocka_unit_test_setup(allocations_of_the_process_show_in_the_heap_figures, boot),
        cmocka_unit_test_setup(the_clock_is_the_hosts_plus_an_offset_and_can_be_set, boot),
        cmocka_unit_test_setup(the_boot_cause_comes_from_the_supervisor, boot),
#if QL_SDK_GENERATION >= 2
        cmocka_unit_test_setup(a_bound_cid_carries_sim_and_profile, boot),
#endif
        cmocka_unit_test_setup(what_is_written_to_ufs_reads_back, boot),
        cmocka_unit_test_setup(no_name_leads_out_of_ufs, boot),
        cmocka_unit_test_setup(ufs_ends_where_its_size_ends_and_files_at_most_are_open, boot),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
