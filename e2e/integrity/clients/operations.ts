import type { Operation } from './ask.ts'
import { CUSTOMER_OPERATIONS } from './customer-operations.ts'
import { MEMBER_OPERATIONS } from './member-operations.ts'
import { TOGETHER_OPERATIONS } from './together-operations.ts'
import { WAITING_OPERATIONS } from './waiting-operations.ts'

/** Every operation that clients send. One that the API gains is a line in one of the tables, and its `ask`. */
export const OPERATIONS: Operation[] = [
  ...CUSTOMER_OPERATIONS,
  ...MEMBER_OPERATIONS,
  ...TOGETHER_OPERATIONS,
  ...WAITING_OPERATIONS,
]

const TOTAL = OPERATIONS.reduce((sum, { weight }) => sum + weight, 0)

/** One of them, each as often as its weight says. */
export function someOperation(random: () => number): Operation {
  let left = random() * TOTAL
  for (const operation of OPERATIONS) {
    left -= operation.weight
    if (left < 0) return operation
  }
  throw new Error('the table of operations is empty')
}
