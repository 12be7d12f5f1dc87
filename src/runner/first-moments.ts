/** For how long nothing is done beside a run that has just started, in milliseconds: its own start is what somebody waits for. */
export const firstMomentsMs = 200;
