/** The scenario files that are tried first, since a mutant of that source most likely shows there. All others follow if it does not. */
export const AREAS: Readonly<Record<string, readonly string[]>> = {
  'api.c': ['misuse', 'publish', 'init'],
  'bytes.c': ['payloads', 'inbound'],
  'client.c': ['two-clients', 'deinit', 'init'],
  'codec.c': ['connect-fields', 'publish'],
  'connection.c': ['connect-lost', 'loss'],
  'decode.c': ['illegal-frames', 'inbound'],
  'engine.c': ['loss', 'two-clients'],
  'events.c': ['deinit', 'inbound'],
  'inbound.c': ['inbound', 'retained'],
  'info.c': ['connect-fields', 'misuse'],
  'keepalive.c': ['keep-alive'],
  'linger.c': ['disconnect', 'connect-lost'],
  'link.c': ['connect-lost', 'connect-refused'],
  'lookup.c': ['connect-url', 'deinit'],
  'outbox.c': ['publish', 'subscribe'],
  'request.c': ['publish-acks', 'limits'],
  'session.c': ['session', 'publish-acks'],
  'tls.c': ['tls-verify', 'tls-mutual'],
  'tls_files.c': ['tls-mutual', 'tls-verify'],
  'tls_name.c': ['tls-verify'],
  'token.c': ['onenet-token'],
  'topic.c': ['topics'],
  'url.c': ['connect-url'],
  'utf8.c': ['topics', 'connect-fields'],
};

/** A whole life of a client, over TLS too, in seconds: most of what is broken shows here. */
export const SMOKE: readonly string[] = ['mqtt-demo'];
