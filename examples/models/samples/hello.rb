# frozen_string_literal: true

require "set"

# Greets guests, each of them once.
class Greeter
  attr_reader :guests

  def initialize(greeting = "Hello")
    @greeting = greeting
    @guests = Set.new
  end

  def greet(name)
    return unless @guests.add?(name)

    "#{@greeting}, #{name.capitalize}!"
  end

  def each_line(names)
    names.each do |name|
      line = greet(name)
      yield line unless line.nil?
    end
  end
end

Greeter.new.each_line(%w[ada linus ada]) { |line| puts line } if __FILE__ == $PROGRAM_NAME
