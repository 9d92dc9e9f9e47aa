/** What a launch has changed, for the end of the launch or for a launch that fails. */
export interface UndoList {
  add(undo: () => unknown): void
  /** Undoes everything once, the last change first. A step that fails doesn't keep the others from being undone. */
  run(): Promise<void>
  /** The same in an `exit` listener, where nothing can be waited for. */
  runAtExit(): void
}

export function createUndoList({ onError }: { onError: (error: unknown) => void }): UndoList {
  const steps: (() => unknown)[] = []
  return {
    add: (undo) => void steps.push(undo),
    async run() {
      for (const undo of steps.splice(0).reverse()) {
        try {
          await undo()
        } catch (error) {
          onError(error)
        }
      }
    },
    runAtExit() {
      for (const undo of steps.splice(0).reverse()) {
        try {
          void undo()
        } catch (error) {
          onError(error)
        }
      }
    },
  }
}
