import { type Before, settleAccounts } from '../accounts.ts';
import type { FastHost } from '../fast-host.ts';
import type { HostProcess } from '../host.ts';
import type { World } from '../world.ts';
import { freezeInstallation } from './brake.ts';
import { failCreation } from './failed-creation.ts';
import { killHost } from './killed.ts';
import { loseAnswer } from './lost-answer.ts';
import { deleteMapped } from './mapped.ts';
import { answerAsAnotherArray } from './other-array.ts';
import { Program, type SceneFigures, sceneTable } from './program.ts';
import { renameOnArray } from './renamed.ts';
import type { Stage } from './stage.ts';

export interface Props {
  readonly stage: Stage;
  /** It is killed. */
  readonly host: HostProcess;
  readonly dataDir: string;
  readonly before: Before;
  /** Told of the host that takes over, to be closed in the end. */
  readonly onHost: (host: FastHost) => void;
}

export interface Played {
  readonly scenes: readonly SceneFigures[];
  readonly foreignObjectsTouched: number;
}

const afterTheKill = async (program: Program, world: World, { stage, volumeId, exportId }: Aftermath): Promise<void> => {
  const notes = await program.play('Deleting a mapped volume is refused, whoever mapped it', () => deleteMapped(world, stage, volumeId));
  await program.play('A volume that was renamed on the array is not deleted', () => renameOnArray(world, notes));
  await program.play('A gateway suddenly speaks for another array', () => answerAsAnotherArray(world, { volumeId, exportId }));
  await program.play('The brake: plans go on, effects do not', () => freezeInstallation(world, stage));
  await program.play('One creation of two fails on the array', () => failCreation(world, stage));
};

interface Aftermath {
  readonly stage: Stage;
  readonly volumeId: string;
  readonly exportId: string;
}

/** What protects data, scene by scene; at the end the arrays are what they were. */
export const playScenes = async (world: World, { stage, host, dataDir, before, onHost }: Props): Promise<Played> => {
  const { screen } = world;
  const program = new Program(screen);
  screen.chapter('What protects data: seven scenes in which something goes wrong');
  screen.line('After “Patina” stand its own answers, word for word. When the second scene starts the host again, it gets an accelerated');
  screen.line('clock, which skips the time in which nothing happens.');
  const volumeId = await program.play('The answer of a creation is lost after its effect', () => loseAnswer(world, stage));
  const survived = await program.play('The host is killed (kill -9) in mid-export and started again', async () => {
    const started = (next: FastHost): void => {
      onHost(next);
      program.setClock(next.now);
    };
    return killHost(world, { stage, host, dataDir, volumeId, onHost: started });
  });
  await afterTheKill(program, survived.world, { stage, volumeId, exportId: survived.exportId });
  screen.chapter('After all scenes');
  const foreignObjectsTouched = await settleAccounts(survived.world, before);
  screen.table(sceneTable(program.played));
  return { scenes: program.played, foreignObjectsTouched };
};
