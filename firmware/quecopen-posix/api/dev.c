/* Identity, heap, watchdog, modem functionality. */
#include "dog.h"
#include "heap.h"
#include "module.h"
#include "ql_api_dev.h"
#include "ql_power.h"
#include "text.h"

ql_errcode_dev_e ql_dev_get_model(char *text, size_t room)
{
    const struct qlv_settings settings = qlv_module_settings();
    return qlv_give_text(text, room, settings.model) ? QL_DEV_SUCCESS : -1;
}

ql_errcode_dev_e ql_dev_get_firmware_version(char *text, size_t room)
{
    const struct qlv_settings settings = qlv_module_settings();
    return qlv_give_text(text, room, settings.revision) ? QL_DEV_SUCCESS : -1;
}

ql_errcode_dev_e ql_dev_get_imei(char *text, size_t room, uint8_t sim)
{
    const struct qlv_settings settings = qlv_module_settings();
    return sim == 0 && qlv_give_text(text, room, settings.imei) ? QL_DEV_SUCCESS : -1;
}

/* The largest block equals what is left: the host's allocator doesn't fragment as the module's does. */
ql_errcode_dev_e ql_dev_memory_size_query(ql_memory_heap_state_t *heap)
{
    if (heap == NULL)
        return -1;
    const struct qlv_settings settings = qlv_module_settings();
    const size_t total = (size_t)settings.heap_total_bytes;
    const size_t used = qlv_heap_used();
    heap->total_size = (uint32_t)total;
    heap->avail_size = (uint32_t)(used < total ? total - used : 0);
    heap->max_block_size = heap->avail_size;
    return QL_DEV_SUCCESS;
}

ql_errcode_dev_e ql_dev_cfg_wdt(uint8_t enabled)
{
    qlv_dog_enable(enabled != 0);
    return QL_DEV_SUCCESS;
}

ql_errcode_dev_e ql_dev_feed_wdt(void)
{
    qlv_dog_feed();
    return QL_DEV_SUCCESS;
}

ql_errcode_dev_e ql_dev_set_modem_fun(uint8_t fun, uint8_t reset, uint8_t sim)
{
    if (sim != 0 || (fun != 0 && fun != 1 && fun != 4) || reset > 1)
        return -1;
    if (reset == 1)
        ql_power_reset(RESET_NORMAL);
    qlv_module_set_fun(fun);
    return QL_DEV_SUCCESS;
}

ql_errcode_dev_e ql_dev_get_modem_fun(uint8_t *fun, uint8_t sim)
{
    if (fun == NULL || sim != 0)
        return -1;
    *fun = qlv_module_radio().fun;
    return QL_DEV_SUCCESS;
}
