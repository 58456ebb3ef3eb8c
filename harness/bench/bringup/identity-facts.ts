import { findSkuOfRevision } from '../sku.ts';
import type { Fact } from './fact.ts';

/** Over AT, before anything of ours runs on the module. */
export const IDENTITY_FACTS: readonly Fact[] = [
  {
    id: 'core',
    mark: 'inferred',
    says: 'a core without AT commands for MQTT is the QuecOpen one, on which an application runs',
    probe: '`AT+CGMR`, `AT+QMTCFG=?`',
    ifNot: 'it is the standard firmware: flash the QuecOpen (OCPU) core of the same SKU',
    look: async (hour) => {
      const at = await hour.at();
      const { revision } = await at.identity();
      const hasMqtt = await at.hasMqttCommands();
      return { holds: !hasMqtt, saw: `${revision}; AT+QMTCFG=? ${hasMqtt ? 'is known' : 'is refused'}` };
    },
  },
  {
    id: 'revision',
    mark: 'inferred',
    says: 'the revision is model, region, variant, R, A, M in this order, and alone tells the SKU',
    probe: '`AT+CGMM`, `AT+CGMR`',
    ifNot:
      'limits, known failures and the check before flashing go by the SKU: report this string, the pattern in harness/bench/sku.ts lacks it',
    look: async (hour) => {
      const { model, revision, sku } = await (await hour.at()).identity();
      return {
        holds: sku !== 'unknown' && revision.startsWith(model),
        saw: `model ${model}, revision ${revision}: SKU ${sku}`,
      };
    },
  },
];

/** Over the shim's link, before any call of ql_mqtt. */
export const LINK_FACTS: readonly Fact[] = [
  {
    id: 'link',
    mark: 'inferred',
    says: 'an application can open the USB port NMEA (interface 8), or else the modem port (7), both ways',
    probe: '`hello` on that port',
    ifNot:
      'nothing starts the shim (the init hook), or another application has the port; if only the modem port works, say `rpc: modem` in bench.yaml',
    look: async (hour) => {
      const { shim, protocol, sdk, boot } = (await hour.module()).hello;
      return { holds: true, saw: `shim ${shim}, protocol ${protocol}, SDK ${sdk}, started by ${boot.cause}` };
    },
  },
  {
    id: 'layout',
    mark: 'inferred',
    says: "the structs have the size of the vendor's library, the two later bytes of the client info in what was padding",
    probe: '`layout` of `hello`',
    ifNot:
      'the shim was built with the headers of another SDK than the core: build both from one, or every connect reads rubbish',
    look: async (hour) => {
      const { layout, features } = (await hour.module()).hello;
      return judgeLayout(layout, features);
    },
  },
  {
    id: 'api-revision',
    mark: 'unknown',
    says: 'ql_dev_get_firmware_version gives the revision that AT+CGMR gives',
    probe: '`module` of `hello`',
    ifNot: 'a run takes the SKU from the API: report both strings',
    look: async (hour) => {
      const { revision } = await (await hour.at()).identity();
      const byApi = (await hour.module()).hello.module.revision;
      return { holds: byApi === revision && findSkuOfRevision(byApi) !== undefined, saw: `the API says ${byApi}` };
    },
  },
  {
    id: 'long-lines',
    mark: 'inferred',
    says: "lines of nearly 3 KB pass whole in both directions, since the port's buffers hold 6 KiB and 4 KiB; UFS keeps 8 KiB",
    probe: '`file.write` of four chunks of 2,048 bytes, `file.check`, `file.read`, `file.remove`',
    ifNot:
      'certificates and payloads will not arrive: make CHUNK_BYTES smaller on both sides, and report the size at which it begins',
    look: async (hour) => {
      const module = await hour.module();
      const bytes = Buffer.from(Array.from({ length: 4 * 2048 }, (_, index) => (index * 7) % 256));
      await module.putFile(FILE, bytes);
      const back = await module.readFile(FILE);
      await module.removeFile(FILE);
      return {
        holds: back.equals(bytes),
        saw: `${bytes.length} bytes out, ${back.length} back, ${back.equals(bytes) ? 'the same' : 'others'}`,
      };
    },
  },
];

const FILE = 'UFS:qlhil_bringup.bin';
/** Sizes on the module's 32 bits. */
const CLIENT_INFO_BYTES = 32;
const SSL_CONFIG_BYTES = { short: 24, long: 56 };

type Layout = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

function judgeLayout(layout: Layout, features: readonly string[]): { readonly holds: boolean; readonly saw: string } {
  const info = structOf(layout, 'client_info');
  const ssl = structOf(layout, 'ssl_config');
  const pointer = typeof layout['pointer'] === 'number' ? layout['pointer'] : 0;
  const { size = 0, keep_alive: keepAlive = 0, pkt_timeout: later = keepAlive + 2, will_topic: next = 0 } = info;
  const isInPadding = later === keepAlive + 2 && later + 2 <= next;
  const wanted = features.includes('ssl-ext') ? SSL_CONFIG_BYTES.long : SSL_CONFIG_BYTES.short;
  // A virtual module has the pointers of its host, and so other sizes.
  const isSized = pointer !== 4 || (size === CLIENT_INFO_BYTES && ssl['size'] === wanted);
  return {
    holds: isInPadding && isSized,
    saw: `client info ${size} bytes, ssl config ${ssl['size'] ?? 0} bytes, pointers ${pointer} bytes, pkt_timeout ${'pkt_timeout' in info ? `at ${later}` : 'not there'}`,
  };
}

function structOf(layout: Layout, name: string): Readonly<Record<string, number>> {
  const struct = layout[name];
  return typeof struct === 'object' ? struct : {};
}
