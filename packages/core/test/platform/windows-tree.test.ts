// The processes of a program on Windows, which uses ids again and names parents that have ended.
import { describe, expect, it } from 'vitest'
import { parseProcesses, treeIn, type WindowsProcess } from '../../src/platform/program/windows-tree.ts'

const since = 1_000_000
const one = (pid: number, parent: number, createdAt: number | null): WindowsProcess => ({
  pid,
  parent,
  createdAt,
})

describe('the processes of a program on Windows', () => {
  it.each<[string, WindowsProcess[], number[]]>([
    [
      'are its first one and its descendants',
      [one(10, 1, since), one(11, 10, since + 5), one(12, 11, since + 9), one(20, 1, since)],
      [10, 11, 12],
    ],
    ['are those whose parent has ended', [one(11, 10, since + 5), one(12, 11, since + 9)], [11, 12]],
    [
      'are not those that are older than their parent',
      [one(10, 1, since), one(11, 10, since - 50_000), one(12, 11, since - 40_000)],
      [10],
    ],
    [
      'are not those of an earlier process with its id, when it has ended',
      [one(11, 10, since - 50_000), one(12, 10, since + 5)],
      [12],
    ],
    [
      'are not another program that has got its id, nor what that has started',
      [one(10, 1, since + 90_000), one(11, 10, since + 90_500), one(12, 10, since + 5)],
      [12],
    ],
    ['are never this one', [one(10, 1, since), one(process.pid, 10, since + 5)], [10]],
    [
      'are known by their parents alone where there are no times',
      [one(10, 1, null), one(11, 10, null)],
      [10, 11],
    ],
  ])('%s', (_, processes, expected) => {
    expect(treeIn(processes, { pid: 10, since })).toEqual(expected)
  })

  it('are read from PowerShell, and from wmic with and without times', () => {
    const times = parseProcesses(
      '0 0 4\r\n1764439200123 4 88\r\nCreationDate  ParentProcessId  ProcessId\r\n20251129190000.123456+060  4  88\r\n20251129180000.123456+000 4 89\r\nParentProcessId  ProcessId\r\n4  90\r\n',
    )
    expect(times).toEqual([
      one(4, 0, null),
      one(88, 4, 1_764_439_200_123),
      one(88, 4, 1_764_439_200_123),
      one(89, 4, 1_764_439_200_123),
      one(90, 4, null),
    ])
  })
})
