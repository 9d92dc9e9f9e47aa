import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { createSchema, createYoga } from 'graphql-yoga'

const schema = createSchema({
  typeDefs: /* GraphQL */ `
    type Query {
      hello: String
      slow: String
    }
    type Mutation {
      echo(name: String!): String
    }
    type Subscription {
      countdown(from: Int!): Int!
    }
  `,
  resolvers: {
    Query: {
      hello: () => 'world',
      slow: async () => {
        console.log('slow request')
        await pause(700)
        return 'done'
      },
    },
    Mutation: {
      echo: (_, { name }) => name,
    },
    Subscription: {
      countdown: {
        subscribe: async function* (_, { from }) {
          for (let count = from; count >= 0; count -= 1) {
            yield { countdown: count }
            await pause(150)
          }
        },
      },
    },
  },
})

// Create a Yoga instance with a GraphQL schema.
const yoga = createYoga({ schema })

// Pass it into a server to hook into request handlers.
const server = createServer(yoga)

// Start the server and you're done!
server.listen(4000, () => {
  console.info('Server is running on http://localhost:4000/graphql')
})
