import { startLocal } from './support.ts';

/** Run as a process of its own, to be killed: an endpoint over the folder that it is told. Prints its address. */
const local = await startLocal({ dataDir: String(process.argv[2]) });
local.db.faults.setIndexLag(Number(process.argv[3]));
process.stdout.write(`${local.db.url}\n`);
