import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ClientIdentityName } from '../../broker/tls/client-identities.ts';
import type { Rig } from '../../harness/rig/rig.ts';

/** Names of the files, as `mqtt_ssl_config_t` takes them. */
export const CLIENT_FILES = { clientCert: 'UFS:qlhil_client.pem', clientKey: 'UFS:qlhil_client.key' } as const;

/** Puts a client certificate and its key on the module, and takes them away at the end of the scope. */
export async function clientFiles(rig: Rig, name: ClientIdentityName, password?: string): Promise<AsyncDisposable> {
  const { cert, key } = await rig.tls.client(name);
  await rig.module.putFile(CLIENT_FILES.clientCert, Buffer.from(cert));
  await rig.module.putFile(
    CLIENT_FILES.clientKey,
    Buffer.from(password === undefined ? key : encrypted(key, password)),
  );
  rig.file(CLIENT_FILES.clientCert, 'certificate', new X509Certificate(cert).fingerprint256);
  rig.file(CLIENT_FILES.clientKey, 'key');
  return {
    async [Symbol.asyncDispose]() {
      for (const file of Object.values(CLIENT_FILES)) {
        await rig.module.removeFile(file);
        rig.file(file, 'nothing');
      }
    },
  };
}

/** The traditional form: the module's TLS library opens PKCS #8 with few ciphers only. */
function encrypted(key: string, passphrase: string): string {
  return createPrivateKey(key).export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase }).toString();
}
