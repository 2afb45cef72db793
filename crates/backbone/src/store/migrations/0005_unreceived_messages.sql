-- What the limit of a sender is counted over with each message; all other messages are not looked at.
CREATE INDEX unreceived_messages ON message_recipients (address, message_id)
    WHERE received_at IS NULL;
