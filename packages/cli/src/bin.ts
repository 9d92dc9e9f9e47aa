import { asProgram } from './as-program.ts'
import { main } from './main.ts'

asProgram(main)
