-- Who has it may take a File over. It is kept for Files that were given to the Backbone here, so that
-- whoever asks for one to be handed over names it by its id.
ALTER TABLE file ADD COLUMN ownership_token TEXT;
