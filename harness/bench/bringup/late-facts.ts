import { isFailure } from '../../errors.ts';
import type { ModuleProxy } from '../../module/module-proxy.ts';
import type { ModuleEvent, ModuleEventOf } from '../../protocol/module-event.ts';
import { verifiedSsl } from '../../protocol/verified-ssl.ts';
import { tryBroker } from '../reach/broker-trial.ts';
import { describeTrial } from '../reach/describe-trial.ts';
import type { Fact } from './fact.ts';
import { REOPEN_MS } from './first-hour.ts';

const WHY = 'bring-up';
const CA_FILE = 'UFS:qlhil_bringup_ca.pem';
const RESET_BUDGET_MS = REOPEN_MS + 15_000;

/** What needs all the others, or ends them. */
export const LATE_FACTS: readonly Fact[] = [
  {
    id: 'tls',
    mark: 'unknown',
    says: '`mqtts://` with an ssl_cfg is MQTT over TLS; verify level 1 takes the certificate that UFS holds the authority of',
    probe: 'the same as `way`, over TLS',
    ifNot:
      'TLS scenarios mean nothing yet: the code of the server tells who ended the handshake; try an RSA authority, the clock, SNI',
    look: async (hour) => {
      const module = await hour.module();
      const broker = await hour.broker();
      await module.putFile(CA_FILE, Buffer.from(broker.ca));
      await using door = await broker.open('mqtts');
      const trial = await tryBroker(module, door, verifiedSsl(CA_FILE, module.hello.features));
      await module.removeFile(CA_FILE);
      return { holds: trial.hasRoundTrip && trial.seen.tlsVersion !== null, saw: describeTrial(trial) };
    },
  },
  {
    id: 'reset',
    mark: 'inferred',
    says: 'ql_power_reset brings the module back at the same USB path within a minute, as another boot',
    probe: '`reset`, then `hello` on the port of that role, whatever its number',
    ifNot:
      'after a crash a run could not go on: give bench.yaml a way to switch the power; look whether the port came back elsewhere',
    look: async (hour) => {
      const module = await hour.module();
      const { id } = module.hello.boot;
      const askedMs = hour.parts.nowMs();
      await restart(module);
      const { boot } = module.hello;
      const tookS = Math.round((hour.parts.nowMs() - askedMs) / 100) / 10;
      const isRight = boot.id !== id && ['software-reset', 'unknown'].includes(boot.cause);
      return { holds: isRight, saw: `back after ${tookS} s, started by ${boot.cause}` };
    },
  },
];

/** Has the module restart; resolves when the shim answers as another boot. @throws HarnessError PORT_LOST, WAIT_EXPIRED */
async function restart({ session }: ModuleProxy): Promise<void> {
  // None such comes: what is waited for is that all waits fail, which they do when the module has started again.
  const isOther = (event: ModuleEvent): event is ModuleEventOf<'reset'> => event.e === 'reset' && event.why !== WHY;
  const again = session.waitForEvent(isOther, { reason: 'the module to start again', budgetMs: RESET_BUDGET_MS });
  again.catch(() => undefined); // awaited below, unless the request fails before it
  await session.request('reset', { why: WHY });
  await again.catch((thrown: unknown) => {
    if (!isFailure(thrown, 'MODULE_RESET')) throw thrown;
  });
}
