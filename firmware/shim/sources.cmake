# The shim's sources, for the virtual module's build and for the SDK's. SHIM_PURE calls nothing of the SDK.
set(SHIM_PURE
    answers.c arena.c argument.c at.c base64.c captures.c civil.c crc32.c event.c event_json.c json.c json_grammar.c line.c members.c
    ring.c session.c text.c utf8.c)
list(TRANSFORM SHIM_PURE PREPEND ${CMAKE_CURRENT_LIST_DIR}/core/)
set(SHIM_RPC
    answering.c at_tunnel.c call_build.c call_client.c call_info.c call_params.c callbacks.c calls.c dispatch.c facts.c lock.c log.c network.c reactions.c reset.c slots.c start.c writer.c
    handlers/calls.c handlers/clock.c handlers/events.c handlers/files.c handlers/session.c)
list(TRANSFORM SHIM_RPC PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
set(SHIM_APP ${CMAKE_CURRENT_LIST_DIR}/app.c)
