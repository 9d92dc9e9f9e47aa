import { setTimeout as pause } from 'node:timers/promises'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'

const typeDefs = `#graphql
  type Book {
    title: String
    author: String
  }

  type Query {
    books: [Book]
    hello: String
    slow: String
  }
`

const books = [
  { title: 'The Awakening', author: 'Kate Chopin' },
  { title: 'City of Glass', author: 'Paul Auster' },
]

const resolvers = {
  Query: {
    books: () => books,
    hello: () => 'Hello World!',
    slow: async () => {
      console.log('slow request')
      await pause(700)
      return 'done'
    },
  },
}

const server = new ApolloServer({
  typeDefs,
  resolvers,
})

const { url } = await startStandaloneServer(server, {
  listen: { port: 4000 },
})

console.log(`🚀  Server ready at: ${url}`)
