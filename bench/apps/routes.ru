# What routes.mjs answers, as a Rack app.
require 'json'

words = 'a launcher sits between the options of a user and the processes that serve'.split

# As JSON.stringify writes it: without a fraction that is nought.
number = ->(value) { value == value.to_i ? value.to_i : value }

entries = Array.new(126) do |index|
  {
    id: index,
    name: "#{words[index % words.length]} #{words[(index * 7) % words.length]}",
    price: number.call(index * 1.25),
    isActive: (index % 3).zero?,
    tags: [words[index % 5], words[index % 11]]
  }
end
large = ('lockstep ' * 116_509)[0, 1_048_576]

answer = lambda do |type, body|
  [200, { 'Content-Type' => type, 'Content-Length' => body.bytesize.to_s }, [body]]
end

run(lambda do |env|
  case env['PATH_INFO']
  when '/json' then answer.call('application/json', JSON.generate(entries))
  when '/large' then answer.call('application/octet-stream', large)
  when '/pid' then answer.call('application/json', %({"pid":#{Process.pid}}))
  when '/slow'
    sleep 0.8
    answer.call('text/plain', 'at last')
  else answer.call('text/plain', 'hello')
  end
end)
