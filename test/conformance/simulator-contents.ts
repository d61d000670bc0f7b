/** For `--contents "node test/conformance/simulator-contents.ts http://127.0.0.1:<control port>"`: what is in a simulated volume. */
const [controlUrl = '', verb, nativeId = '', content = ''] = process.argv.slice(2);

const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
  const answer = await fetch(`${controlUrl}/volumes/${nativeId}/${path}`, init);
  if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
  return answer.json();
};

if (verb === 'write') await ask('write', { method: 'POST', body: JSON.stringify({ content }) });
else process.stdout.write(`${((await ask('content')) as { content: string }).content}\n`);
