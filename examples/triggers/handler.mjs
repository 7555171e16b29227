// Prints every change, and tells which record could not be taken so that only that is tried again.
export const handler = async (event) => {
  const failures = [];
  for (const record of event.Records) {
    const { Keys, OldImage, NewImage, SequenceNumber } = record.dynamodb;
    try {
      console.log(`${process.env.STAGE} ${record.eventName} ${Keys.id.S}:`, titleOf(OldImage), "→",
        titleOf(NewImage));
    } catch (error) {
      console.error(error);
      failures.push({ itemIdentifier: SequenceNumber });
      break;
    }
  }
  return { batchItemFailures: failures };
};

function titleOf(image) {
  if (!image) return "(none)";
  if (!image.title?.S) throw new Error("a song without a title");
  return image.title.S;
}
