import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { draw } from './picture.ts'
import { SCENES, sceneOf } from './scenes.ts'

// npm run pictures --workspace @slotkeeper/scheduling
for (const name of Object.keys(SCENES)) {
  const file = join(import.meta.dirname, '..', 'docs', `${name}.svg`)
  writeFileSync(file, draw(sceneOf(name)))
  console.log(file)
}
