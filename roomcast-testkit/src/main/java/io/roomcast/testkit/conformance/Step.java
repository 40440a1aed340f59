package io.roomcast.testkit.conformance;

/** One line of a conversation. */
interface Step {
    /**
     * Does what the step says.
     *
     * @throws ConversationFailure if it goes otherwise than the conversation says
     */
    void play(ConversationRun run) throws InterruptedException;

    /** A step, where it stands, and how it was written. */
    record Numbered(String number, String written, Step step) implements Step {
        @Override
        public void play(ConversationRun run) throws InterruptedException {
            run.at(this);
            step.play(run);
        }
    }
}
